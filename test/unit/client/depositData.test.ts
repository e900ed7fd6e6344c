import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {readDepositData, readDeposits} from "../../../src/client/depositData.js";
import {networks} from "../../../src/consensus/networks.js";
import {toHex} from "../../../src/runtime/hex.js";
import {badPublicKeys} from "../../support/examples/badPoints.js";
import {aSecretKey} from "../../support/examples/keys.js";
import {fixture, useFolder} from "../../support/files.js";

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

  it.each([networks.hoodi, networks.gnosis])("rejects ssv-dkg's file on $name, as it is for mainnet", async (network) => {
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
  ])("returns the keys in the file's order, in lower case with 0x: $id", async ({content}) => {
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
  ])("rejects $id", async ({content}) => {
    await expect(read(content)).rejects.toMatchObject({code: "DEPOSIT_DATA_INVALID"});
  });

  it("rejects a file that does not exist", async () => {
    await expect(readDepositData(folder.fresh(), networks.hoodi)).rejects.toMatchObject({code: "FILE_MISSING"});
  });
});

describe("readDeposits", () => {
  const vault = "5b38da6a701c568545dcfcb03fcb875f56beddc4";
  const to = (type: string, address = vault) => `${type}${"00".repeat(11)}${address}`;
  const deposits = entries.map((it) => ({...it, withdrawal_credentials: to("01")}));
  const readAll = (content: unknown) => readDeposits(folder.write("deposits.json", content), networks.hoodi);
  const withLast = (last: object) => [...deposits.slice(0, 2), {...deposits[2], ...last}];

  it("reads ssv-dkg's file", async () => {
    const [entry] = JSON.parse(readFileSync(ssv, "utf8"));
    expect(await readDeposits(ssv, networks.mainnet)).toEqual([
      {
        publicKey: `0x${entry.pubkey}`,
        deposit: {vault: `0x${entry.withdrawal_credentials.slice(24)}`, amount: 32_000_000_000, validator_type: "0x01"},
      },
    ]);
  });

  it.each([
    {id: "as deposit-cli writes it", last: {}, deposit: {}},
    {id: "with 0x and capitals", last: {withdrawal_credentials: `0x${to("01", vault.toUpperCase())}`}, deposit: {}},
    {
      id: "of a compounding validator",
      last: {withdrawal_credentials: to("02"), amount: 2_048_000_000_000},
      deposit: {validator_type: "0x02", amount: 2_048_000_000_000},
    },
  ])("returns vault, amount and type of each: one $id", async ({last, deposit}) => {
    const common = {vault: `0x${vault}`, amount: 32_000_000_000, validator_type: "0x01"};
    const read = await readAll(withLast(last));
    expect(read.map((it) => it.publicKey)).toEqual(pubkeys.map((pubkey) => `0x${pubkey}`));
    expect(read.map((it) => it.deposit)).toEqual([common, common, {...common, ...deposit}]);
  });

  it.each([
    {id: "no withdrawal credentials", last: {withdrawal_credentials: undefined}},
    {id: "those of a BLS key", last: {withdrawal_credentials: to("00")}},
    {id: "those of a future type", last: {withdrawal_credentials: to("03")}},
    {id: "a byte that is not zero before the vault", last: {withdrawal_credentials: `01${"00".repeat(10)}01${vault}`}},
    {id: "31 bytes of them", last: {withdrawal_credentials: to("01").slice(0, -2)}},
    {id: "33 bytes of them", last: {withdrawal_credentials: `${to("01")}00`}},
    {id: "a number for them", last: {withdrawal_credentials: 1}},
    {id: "no amount", last: {amount: undefined}},
    {id: "an amount in quotes", last: {amount: "32000000000"}},
    {id: "a fraction of a gwei", last: {amount: 32_000_000_000.5}},
    {id: "less than 32 ETH", last: {amount: 31_999_999_999}},
    {id: "an amount above 2^53", last: {amount: 2 ** 54}},
  ])("rejects $id, which reading the keys alone does not need", async ({last}) => {
    await expect(readAll(withLast(last))).rejects.toMatchObject({
      code: "DEPOSIT_DATA_INVALID",
      message: expect.stringContaining("entry 3"),
    });
    expect(await readDepositData(folder.write("keys.json", withLast(last)), networks.hoodi)).toHaveLength(3);
  });
});
