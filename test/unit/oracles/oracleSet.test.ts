import {describe, expect, it} from "vitest";
import {loadOracleSet, toOracleSet} from "../../../src/oracles/oracleSet.js";
import {fromHex, toHex} from "../../../src/runtime/hex.js";
import {useFolder, vector} from "../../support/files.js";

type Config = {oracles: {public_key?: unknown; endpoints?: string[]}[]; exit_signature_recover_threshold?: unknown};

const folder = useFolder();
const keys = vector<{messages: {public_key: string}[]}>("ecies.json").messages.map(({public_key}) => public_key) as [
  string,
  string,
  string,
];
const config: Config = {
  oracles: keys.map((public_key, position) => ({public_key, endpoints: [`https://oracle-${position}.example`]})),
  exit_signature_recover_threshold: 2,
};
const upper = (hex: string): string => `0x${hex.slice(2).toUpperCase()}`;
const load = (content: unknown) => loadOracleSet(folder.write("oracles.json", content));
const withKey = (public_key: unknown): Config => ({...config, oracles: [...config.oracles.slice(0, 2), {public_key}]});

describe("loadOracleSet", () => {
  it("reads the keys in their order, and the threshold", async () => {
    const {publicKeys, threshold} = await load(config);
    expect(publicKeys.map(toHex)).toEqual(keys);
    expect(threshold).toBe(2);
  });

  it.each([
    {id: "other fields, as StakeWise's protocol config has", content: {...config, rewards_threshold: 6, validators_threshold: 6}},
    {id: "no endpoints", content: {...config, oracles: keys.map((public_key) => ({public_key}))}},
    {id: "keys in upper case", content: {...config, oracles: keys.map((key) => ({public_key: upper(key)}))}},
    {id: "as many needed as there are", content: {...config, exit_signature_recover_threshold: 3}},
    {id: "one oracle of threshold 1", content: {oracles: config.oracles.slice(0, 1), exit_signature_recover_threshold: 1}},
  ])("takes $id", async ({content}) => {
    expect(toHex((await load(content)).publicKeys[0] as Uint8Array)).toBe(keys[0]);
  });

  it.each([
    {id: "not JSON", content: "{]"},
    {id: "a list", content: []},
    {id: "no oracles field", content: {exit_signature_recover_threshold: 1}},
    {id: "no oracles", content: {oracles: [], exit_signature_recover_threshold: 1}},
    {id: "no threshold", content: {oracles: config.oracles}},
    {id: "threshold 0", content: {...config, exit_signature_recover_threshold: 0}},
    {id: "a threshold above the number of oracles", content: {...config, exit_signature_recover_threshold: 4}},
    {id: "a threshold of 1.5", content: {...config, exit_signature_recover_threshold: 1.5}},
    {id: "a threshold in quotes", content: {...config, exit_signature_recover_threshold: "2"}},
    {id: "an oracle without a key", content: withKey(undefined)},
    {id: "a key of 63 bytes", content: withKey(keys[2].slice(0, -2))},
    {id: "a key with the 04 before it", content: withKey(keys[2].replace("0x", "0x04"))},
    {id: "a key without 0x", content: withKey(keys[2].slice(2))},
    {id: "a key off the curve", content: withKey(`0x${"11".repeat(64)}`)},
    {id: "a key twice", content: withKey(keys[0])},
    {id: "a key twice, once in upper case", content: withKey(upper(keys[0]))},
  ])("refuses $id", async ({content}) => {
    await expect(load(content)).rejects.toMatchObject({code: "ORACLES_CONFIG_INVALID"});
  });

  it("refuses a file that is not there", async () => {
    await expect(loadOracleSet(folder.fresh())).rejects.toMatchObject({code: "FILE_MISSING"});
  });
});

describe("configHash", () => {
  const hashOf = async (content: Config): Promise<string> => (await load(content)).configHash;

  it.each([
    {threshold: 1, expected: "0xfcdd5fed618876eb2246f8bb758aacbfe11f4a8bc463130294434e5b41039a7d"},
    {threshold: 2, expected: "0x23236ffc35dd4b63d16bdf55dd02ee67abbe0be9f8b7a2a5fbbbdd7176f357e3"},
    {threshold: 3, expected: "0x814033c7b773019fa778e5c00c8539213db142b9e7e9d5a5d5c591965f76d19a"},
  ])("is SHA-256 over 4 bytes of threshold ($threshold) and the keys", ({threshold, expected}) => {
    expect(toOracleSet(keys.map(fromHex), threshold).configHash).toBe(expected);
  });

  it.each([
    {
      id: "other endpoints",
      content: {...config, oracles: keys.map((public_key) => ({public_key, endpoints: ["https://new.example"]}))},
    },
    {id: "keys in upper case", content: {...config, oracles: keys.map((key) => ({public_key: upper(key)}))}},
    {id: "other fields", content: {...config, validators_threshold: 3}},
  ])("stays the same with $id", async ({content}) => {
    expect(await hashOf(content)).toBe(await hashOf(config));
  });

  it.each([
    {id: "another order", content: {...config, oracles: config.oracles.toReversed()}},
    {id: "another threshold", content: {...config, exit_signature_recover_threshold: 3}},
    {id: "one oracle less", content: {...config, oracles: config.oracles.slice(0, 2)}},
  ])("changes with $id", async ({content}) => {
    expect(await hashOf(content)).not.toBe(await hashOf(config));
  });
});
