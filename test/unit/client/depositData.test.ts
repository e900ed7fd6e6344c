import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {readDepositData} from "../../../src/client/depositData.js";
import {networks} from "../../../src/consensus/networks.js";
import {toHex} from "../../../src/runtime/hex.js";
import {badPublicKeys} from "../support/badPoints.js";
import {fixture, useFolder} from "../support/files.js";
import {aSecretKey} from "../support/keys.js";

const folder = useFolder();
const ssv = fixture("ssv-dkg", "deposit_data.json");
const pubkeys = ["one", "two", "three"].map((seed) => toHex(aSecretKey(seed).toPublicKey().toBytes()).slice(2));
const entries = pubkeys.map((pubkey) => ({pubkey, fork_version: "10000910", amount: 32_000_000_000}));
const read = (content: unknown) => readDepositData(folder.write("deposit_data.json", content), networks.hoodi);
const withLast = (last: object) => [...entries.slice(0, 2), {...entries[2], ...last}];

describe("readDepositData", () => {
  it("reads ssv-dkg's file on mainnet", async () => {
    const [entry] = JSON.parse(readFileSync(ssv, "utf8"));
    expect(await readDepositData(ssv, networks.mainnet)).toEqual([`0x${entry.pubkey}`]);
  });

  it.each([networks.hoodi, networks.gnosis])("refuses ssv-dkg's file on $name, for it is of mainnet", async (network) => {
    await expect(readDepositData(ssv, network)).rejects.toMatchObject({
      code: "DEPOSIT_DATA_INVALID",
      message: expect.stringContaining("mainnet"),
    });
  });

  it.each([
    {id: "as deposit-cli writes it", content: entries},
    {id: "with 0x", content: entries.map((it) => ({pubkey: `0x${it.pubkey}`, fork_version: "0x10000910"}))},
    {id: "in upper case", content: entries.map((it) => ({...it, pubkey: it.pubkey.toUpperCase()}))},
    {id: "without a fork version", content: pubkeys.map((pubkey) => ({pubkey}))},
  ])("gives the keys in the file's order, in lower case with 0x: $id", async ({content}) => {
    expect(await read(content)).toEqual(pubkeys.map((pubkey) => `0x${pubkey}`));
  });

  it.each([
    {id: "not JSON", content: "pubkey"},
    {id: "an object", content: entries[0]},
    {id: "no entries", content: []},
    {id: "an entry without a pubkey", content: withLast({pubkey: undefined})},
    {id: "a pubkey of 47 bytes", content: withLast({pubkey: "ab".repeat(47)})},
    {id: "a pubkey that is a number", content: withLast({pubkey: 7})},
    {id: "one entry of another network", content: withLast({fork_version: "00000000"})},
    {id: "one entry of an unknown network", content: withLast({fork_version: "deadbeef"})},
    {id: "a fork version of 3 bytes", content: withLast({fork_version: "100009"})},
    {id: "a pubkey twice", content: withLast({pubkey: pubkeys[0]})},
    {id: "a pubkey twice, once in upper case with 0x", content: withLast({pubkey: `0x${pubkeys[0]?.toUpperCase()}`})},
    ...badPublicKeys.map(({id, bytes}) => ({id: `a pubkey that is ${id}`, content: withLast({pubkey: toHex(bytes).slice(2)})})),
  ])("refuses $id", async ({content}) => {
    await expect(read(content)).rejects.toMatchObject({code: "DEPOSIT_DATA_INVALID"});
  });

  it("refuses a file that is not there", async () => {
    await expect(readDepositData(folder.fresh(), networks.hoodi)).rejects.toMatchObject({code: "FILE_UNREADABLE"});
  });
});
