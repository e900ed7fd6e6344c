import {readFileSync, rmSync, writeFileSync} from "node:fs";
import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {readDepositData} from "../../../src/client/depositData.js";
import {loadDefinition} from "../../../src/clusters/loadDefinition.js";
import {networks} from "../../../src/consensus/networks.js";
import {publicKeyOf} from "../../../src/ecies/keys.js";
import {loadAggregatorKey} from "../../../src/keys/aggregatorKey.js";
import {loadEthereumKey} from "../../../src/keys/ethereumKeystore.js";
import {decryptKeystore, Keystore} from "../../../src/keys/keystore.js";
import {loadSsvOperatorKey} from "../../../src/keys/ssvOperatorKey.js";
import {loadOracleSet} from "../../../src/oracles/oracleSet.js";
import {loadParticipants} from "../../../src/participants/participants.js";
import {readJson} from "../../../src/runtime/files.js";
import {toHex} from "../../../src/runtime/hex.js";
import {ethereumKeystore} from "../../../src/sandbox/chain/ethereumKeystore.js";
import {toKeystore} from "../../../src/sandbox/makeCluster.js";
import {type SsvOperator, toEncryptedKey} from "../../../src/sandbox/makeSsvCluster.js";
import {loadVaultRules} from "../../../src/vaults/loadVaultRules.js";
import {aCluster} from "../../support/examples/cluster.js";
import {aSecretKey} from "../../support/examples/keys.js";
import {anNkey} from "../../support/examples/participants.js";
import {anSsvCluster, ssvOperators} from "../../support/examples/ssvCluster.js";
import {fixture, useFolder} from "../../support/files.js";
import {hostileBytes, hostileText, readsOrRefuses, runs} from "./hostile.js";

const folder = useFolder();
const path = folder.path("file");
const key = (byte: number): string => toHex(publicKeyOf(new Uint8Array(32).fill(byte)));

const participants = {
  network: "hoodi",
  admin: {nkey: anNkey(0)},
  relayer: {nkey: anNkey(1)},
  aggregator: {nkey: anNkey(2), encryption_keys: [key(1), key(2)]},
  operators: [{id: "acme", nkey: anNkey(3)}],
  clusters: [{id: "alpha", definition: "lock.json", operators: ["acme"], sidecars: [{share_index: 1, nkey: anNkey(4)}]}],
};
const oracles = {
  oracles: [1, 2, 3].map((byte) => ({public_key: key(byte), endpoints: ["https://oracle.example"]})),
  exit_signature_recover_threshold: 2,
};

const onHoodi = (lock: {cluster_definition: object}): object => ({
  ...lock,
  cluster_definition: {...lock.cluster_definition, fork_version: toHex(networks.hoodi.genesisForkVersion)},
});

const [operator] = ssvOperators as [SsvOperator];
folder.write("password", "password", 0o600);

const [deposit] = JSON.parse(readFileSync(fixture("ssv-dkg", "deposit_data.json"), "utf8"));

const cases: {id: string; valid: unknown; read: () => Promise<unknown>; codes: string[]; count?: number}[] = [
  {
    id: "participants.json",
    valid: participants,
    read: () => loadParticipants(path, "hoodi"),
    codes: ["PARTICIPANTS_INVALID"],
  },
  {id: "an oracles config", valid: oracles, read: () => loadOracleSet(path), codes: ["ORACLES_CONFIG_INVALID"]},
  {
    id: "a cluster lock",
    valid: aCluster({validators: 1}).lock,
    read: () => loadDefinition(path, "hoodi"),
    codes: [
      "CLUSTER_DEFINITION_UNKNOWN",
      "CLUSTER_LOCK_INVALID",
      "CLUSTER_NETWORK_MISMATCH",
      "CLUSTER_SHARES_INCONSISTENT",
      "CLUSTER_LOCK_UNVERIFIED",
    ],
  },
  {
    id: "charon's cluster lock with shares in base64",
    valid: onHoodi(JSON.parse(readFileSync(fixture("charon", "cluster-lock-v1.1.0-4of-5vals-base64shares.json"), "utf8"))),
    read: () => loadDefinition(path, "hoodi", {verify: false}),
    codes: ["CLUSTER_DEFINITION_UNKNOWN", "CLUSTER_LOCK_INVALID", "CLUSTER_NETWORK_MISMATCH", "CLUSTER_SHARES_INCONSISTENT"],
    count: 40,
  },
  {
    id: "an SSV keyshares file",
    valid: anSsvCluster({validators: 1}).file,
    read: () => loadDefinition(path, "hoodi"),
    codes: ["CLUSTER_DEFINITION_UNKNOWN", "KEYSHARES_INVALID", "OWNER_SIGNATURE_INVALID", "CLUSTER_SHARES_INCONSISTENT"],
    count: 40,
  },
  {
    id: "an SSV keyshares file of the format before",
    valid: JSON.parse(readFileSync(fixture("ssv-keys", "old-shares.json"), "utf8")),
    read: () => loadDefinition(path, "hoodi"),
    codes: ["CLUSTER_DEFINITION_UNKNOWN", "KEYSHARES_INVALID", "OWNER_SIGNATURE_INVALID", "CLUSTER_SHARES_INCONSISTENT"],
    count: 40,
  },
  {
    id: "an SSV operator's key",
    valid: await toEncryptedKey(operator, "password", 2),
    read: () => loadSsvOperatorKey({keyFile: path, passwordFile: folder.path("password")}),
    codes: ["OPERATOR_KEY_INVALID", "KEYSTORE_INVALID", "KEYSTORE_PASSWORD_WRONG"],
  },
  {
    id: "a keystore",
    valid: await toKeystore(aSecretKey(), "password", 2),
    read: async () => decryptKeystore(await readJson(path, "the keystore", Keystore, "KEYSTORE_INVALID"), "password", path),
    codes: ["KEYSTORE_INVALID", "KEYSTORE_PASSWORD_WRONG"],
  },
  {
    id: "an Ethereum keystore",
    valid: ethereumKeystore(new Uint8Array(32).fill(0x1f), "password", "pbkdf2"),
    read: () => loadEthereumKey({keyFile: path, passwordFile: folder.path("password")}),
    codes: ["KEYSTORE_INVALID", "KEYSTORE_PASSWORD_WRONG"],
    count: 80,
  },
  {
    id: "the validators manager's rules",
    valid: [{vault: `0x${"ab".repeat(20)}`, clusters: ["alpha"], fund: {max_amount: 1}, consolidate: {}}],
    read: () => loadVaultRules(path, {allowFullExits: false}),
    codes: ["VAULT_RULES_INVALID"],
    count: 80,
  },
  {
    id: "a deposit data file",
    valid: [{...deposit, fork_version: "10000910"}],
    read: () => readDepositData(path, networks.hoodi),
    codes: ["DEPOSIT_DATA_INVALID"],
  },
  {
    id: "an aggregator's key file",
    valid: "1f".repeat(32),
    read: () => loadAggregatorKey(path, [publicKeyOf(new Uint8Array(32).fill(0x1f))]),
    codes: ["KEY_FILE_INVALID"],
    count: 100,
  },
];

describe.each(cases)("bytes in the place of $id", ({valid, read, codes, count = 100}) => {
  it("are read, or refused with a code", async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(typeof valid === "string" ? hostileText(valid) : hostileBytes(valid), async (data) => {
        // To empty a file that was just written, ext4 waits for the disk.
        rmSync(path, {force: true});
        writeFileSync(path, data, {mode: 0o600});
        const code = await readsOrRefuses(read);
        expect(["READ", "FILE_INCOMPLETE", ...codes]).toContain(code);
        seen.add(code);
      }),
      runs(count),
    );
    // Both happened: what is nearly right is near enough.
    expect([...seen]).toContain("READ");
    expect(seen.size).toBeGreaterThan(1);
  });
});
