import {describe, expect, it} from "vitest";
import {fixedConfig} from "../../../src/oracles/liveOracles.js";
import {loadOraclesConfig, readOraclesConfig} from "../../../src/oracles/oracleSet.js";
import {assertMinOracles, toProtocolConfig} from "../../../src/oracles/protocolConfig.js";
import {useFolder, vector} from "../../support/files.js";

const folder = useFolder();
/** eth-keys 0.8.0 says whose address it is. */
const known = {
  publicKey:
    "0x0d04e4d848c53b09cfb5c9bd81d0fb6ca24b0b1052d4963e7500d63ebb0d6d4d7da50301ee6a2531375b1c8f8e26b7aa8117255060583b4d53bd980a7d696e6e",
  address: "0x2f03312e2743533a9312a5292cb34e29c0533680",
};
const [other = ""] = vector<{messages: {public_key: string}[]}>("ecies.json").messages.map(({public_key}) => public_key);
const config = {
  oracles: [
    {public_key: known.publicKey, endpoints: ["https://a.example/v1?key=1", "http://b.example:81"]},
    {public_key: other, endpoints: ["https://c.example"]},
  ],
  exit_signature_recover_threshold: 1,
  validators_approval_batch_limit: 10,
  validators_exit_rotation_batch_limit: 100,
  signature_validity_period: 1800,
};
const read = (json: unknown) => toProtocolConfig(readOraclesConfig(json, "oracles.json"));
const withEndpoints = (endpoints: unknown) => ({...config, oracles: [{...config.oracles[0], endpoints}, config.oracles[1]]});

describe("toProtocolConfig", () => {
  it("has each oracle's address and endpoints in the order of the set, the limits and the periods", () => {
    const {oracleSet, oracles, ...rest} = read(config);
    expect(oracles.map(({endpoints}) => endpoints.map(({href}) => href))).toEqual([
      ["https://a.example/v1?key=1", "http://b.example:81/"],
      ["https://c.example/"],
    ]);
    expect(oracles[0]?.address).toBe(known.address);
    expect(oracleSet).toMatchObject({threshold: 1, publicKeys: [{length: 64}, {length: 64}]});
    expect(rest).toEqual({
      batchLimits: {registration: 10, rotation: 100, consolidation: 100},
      signatureValidityS: 1800,
      forceWithdrawalsPeriodS: 86_400,
    });
  });

  it("has what the config names in place of a default", () => {
    const named = {...config, validators_consolidation_batch_limit: 7, force_withdrawals_period: 60};
    expect(read(named)).toMatchObject({batchLimits: {consolidation: 7}, forceWithdrawalsPeriodS: 60});
  });

  it("has an oracle whose list of endpoints is empty", () => {
    expect(read(withEndpoints([])).oracles[0]).toEqual({address: known.address, endpoints: []});
  });

  const without = (field: keyof typeof config) => ({...config, [field]: undefined});
  it.each([
    {id: "no endpoints", json: withEndpoints(undefined)},
    {id: "an endpoint that is no URL", json: withEndpoints(["a secret"])},
    {id: "an endpoint of another scheme", json: withEndpoints(["ftp://a secret"])},
    {id: "no limit of a registration", json: without("validators_approval_batch_limit")},
    {id: "no limit of a rotation", json: without("validators_exit_rotation_batch_limit")},
    {id: "a limit of 0", json: {...config, validators_approval_batch_limit: 0}},
    {id: "no validity period", json: without("signature_validity_period")},
    {id: "a validity period in quotes", json: {...config, signature_validity_period: "1800"}},
  ])("refuses $id, and quotes nothing of it", ({json}) => {
    const reading = () => read(JSON.parse(JSON.stringify(json)));
    expect(reading).toThrow(expect.objectContaining({code: "ORACLES_CONFIG_INVALID"}));
    expect(reading).not.toThrow(/secret/);
  });
});

describe("the config of a file", () => {
  it("has an oracle set for roles, where it lacks what asking the oracles needs", async () => {
    const path = folder.write("roles.json", {
      oracles: [{public_key: known.publicKey}],
      exit_signature_recover_threshold: 1,
    });
    const oracles = fixedConfig(await loadOraclesConfig(path));
    expect(oracles.current().publicKeys).toHaveLength(1);
    expect(() => oracles.protocolConfig()).toThrow(expect.objectContaining({code: "ORACLES_CONFIG_INVALID"}));
  });

  it("has the set that is current", async () => {
    const oracles = fixedConfig(await loadOraclesConfig(folder.write("whole.json", config)));
    expect(oracles.protocolConfig().oracleSet).toBe(oracles.current());
  });
});

describe("assertMinOracles", () => {
  const three = {oracleSet: {publicKeys: [1, 2, 3].map(() => new Uint8Array(64)), threshold: 2, configHash: "0x"}};

  it.each([{minOracles: 2}, {minOracles: 3}])("takes $minOracles of three, where two recover", ({minOracles}) => {
    expect(() => assertMinOracles(three, minOracles)).not.toThrow();
  });

  it.each([{minOracles: 0}, {minOracles: 1}, {minOracles: 4}, {minOracles: 2.5}])("refuses $minOracles", ({minOracles}) => {
    expect(() => assertMinOracles(three, minOracles)).toThrow(expect.objectContaining({code: "ORACLES_CONFIG_INVALID"}));
  });
});
