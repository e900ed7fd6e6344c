import {describe, expect, it} from "vitest";
import {KeysCheckEnv} from "../../../../src/cli/env/keyShareEnv.js";
import {SidecarEnv} from "../../../../src/cli/env/sidecarEnv.js";
import {configOf, shareIndexesOf} from "../../../../src/cli/sidecar/shareIndexes.js";
import {keyShareRules, sidecarRules} from "../../../../src/cli/sidecar/sidecarRules.js";
import {parseEnv} from "../../../../src/runtime/env.js";

const common = {NETWORK: "hoodi", NATS_SEED_FILE: "sidecar.nkey"};
const obol = {...common, OBOL_NODE_INDEX: "0", OBOL_KEYSTORES_DIR: "validator_keys"};
const ssv = {...common, CLUSTER_TYPE: "SSV", SSV_OPERATOR_ID: "123", SSV_OPERATOR_KEY_FILE: "encrypted_private_key.json"};
const remote = {...common, OBOL_NODE_INDEX: "0", REMOTE_SIGNER_URL: "https://signer:9000"};
const several = {
  ...common,
  NATS_SEED_FILE: "sidecar-{share_index}.nkey",
  SIDECAR_STATE_FILE: "state-{share_index}.jsonl",
  OBOL_NODE_INDEXES: "0, 2,3",
  OBOL_KEYSTORES_DIR_TEMPLATE: "node{node_index}/validator_keys",
};
const parse = (env: Record<string, string>) => parseEnv(SidecarEnv, env, sidecarRules);

describe("a sidecar's environment", () => {
  it.each<{id: string; env: Record<string, string>; shareIndexes: number[]}>([
    {id: "a node's keystores", env: obol, shareIndexes: [1]},
    {id: "an SSV operator's key", env: ssv, shareIndexes: [123]},
    {id: "a remote signer", env: remote, shareIndexes: [1]},
    {
      id: "a remote signer of an SSV operator",
      env: {...common, ...ssv, ...remote, SSV_OPERATOR_KEY_FILE: ""},
      shareIndexes: [123],
    },
    {id: "several nodes", env: several, shareIndexes: [1, 3, 4]},
    {id: "several nodes, which go before the one", env: {...several, ...obol, ...several}, shareIndexes: [1, 3, 4]},
    {
      id: "several SSV operators",
      env: {...several, CLUSTER_TYPE: "SSV", SSV_OPERATOR_IDS: "5,123", SSV_OPERATOR_KEY_FILE_TEMPLATE: "{operator_id}/key.json"},
      shareIndexes: [5, 123],
    },
    {
      id: "several nodes at a remote signer",
      env: {...several, ...remote, NATS_SEED_FILE: several.NATS_SEED_FILE, OBOL_KEYSTORES_DIR_TEMPLATE: ""},
      shareIndexes: [1, 3, 4],
    },
    {id: "mutual TLS", env: {...remote, REMOTE_SIGNER_CERT_FILE: "c.pem", REMOTE_SIGNER_KEY_FILE: "k.pem"}, shareIndexes: [1]},
  ])("may name $id", ({env, shareIndexes}) => {
    expect(shareIndexesOf(parse(env))).toEqual(shareIndexes);
  });

  it.each<{id: string; env: Record<string, string>; names: string[]}>([
    {id: "nothing", env: common, names: ["OBOL_NODE_INDEX", "OBOL_KEYSTORES_DIR"]},
    {id: "nothing of SSV", env: {...obol, CLUSTER_TYPE: "SSV"}, names: ["SSV_OPERATOR_ID", "SSV_OPERATOR_KEY_FILE"]},
    {id: "no keys", env: {...obol, OBOL_KEYSTORES_DIR: ""}, names: ["OBOL_KEYSTORES_DIR", "REMOTE_SIGNER_URL"]},
    {id: "a node twice", env: {...several, OBOL_NODE_INDEXES: "1,2,1"}, names: ["OBOL_NODE_INDEXES"]},
    {id: "words in the list", env: {...several, OBOL_NODE_INDEXES: "1,two"}, names: ["OBOL_NODE_INDEXES"]},
    {id: "an end that is missing", env: {...several, OBOL_NODE_INDEXES: "1,2,"}, names: ["OBOL_NODE_INDEXES"]},
    {
      id: "one directory for several nodes",
      env: {...several, OBOL_KEYSTORES_DIR_TEMPLATE: "validator_keys"},
      names: ["OBOL_KEYSTORES_DIR_TEMPLATE"],
    },
    {
      id: "one seed and one state for several nodes",
      env: {...several, NATS_SEED_FILE: "sidecar.nkey", SIDECAR_STATE_FILE: ""},
      names: ["NATS_SEED_FILE", "SIDECAR_STATE_FILE"],
    },
    {
      id: "two places of passwords",
      env: {...obol, KEYSTORES_PASSWORD_FILE: "a", KEYSTORES_PASSWORD_DIR: "b"},
      names: ["KEYSTORES_PASSWORD_FILE"],
    },
    {id: "a certificate without its key", env: {...remote, REMOTE_SIGNER_CERT_FILE: "c.pem"}, names: ["REMOTE_SIGNER_KEY_FILE"]},
    {
      id: "an authority for what is not TLS",
      env: {...remote, REMOTE_SIGNER_URL: "http://signer:9000", REMOTE_SIGNER_CA_FILE: "ca.pem"},
      names: ["REMOTE_SIGNER_CA_FILE"],
    },
    {
      id: "several of these, and a field that is wrong",
      env: {...several, NETWORK: "x", NATS_SEED_FILE: "one", OBOL_NODE_INDEXES: "1,1", REMOTE_SIGNER_TIMEOUT: "soon"},
      names: ["NETWORK", "NATS_SEED_FILE", "OBOL_NODE_INDEXES", "REMOTE_SIGNER_TIMEOUT"],
    },
  ])("is refused with $id, all of it told together", ({env, names}) => {
    for (const name of names) {
      expect(() => parse(env)).toThrow(
        expect.objectContaining({code: "CONFIG_INVALID", message: expect.stringMatching(new RegExp(`^ .*\\b${name}\\b`, "m"))}),
      );
    }
  });

  it("is enough for `dvt keys check` without what concerns the bus", () => {
    const {NATS_SEED_FILE: _, SIDECAR_STATE_FILE: __, ...keys} = several;
    expect(shareIndexesOf(parseEnv(KeysCheckEnv, keys, keyShareRules))).toEqual([1, 3, 4]);
  });
});

it("has each share index's own paths once the placeholders are filled in, and leaves everything else", () => {
  const config = parse({
    ...several,
    KEYSTORES_PASSWORD_DIR: "{operator_id}/{share_index}/{other}",
    NATS_URL: "nats://{share_index}",
  });
  expect(configOf(config, 3)).toEqual({
    ...config,
    NATS_SEED_FILE: "sidecar-3.nkey",
    SIDECAR_STATE_FILE: "state-3.jsonl",
    OBOL_KEYSTORES_DIR_TEMPLATE: "node2/validator_keys",
    KEYSTORES_PASSWORD_DIR: "3/3/{other}",
  });
});
