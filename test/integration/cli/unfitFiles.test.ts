import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {expect, it} from "vitest";
import {runAggregator} from "../../../src/cli/runAggregator.js";
import {runSidecar} from "../../../src/cli/sidecar/runSidecar.js";
import {generatePrivateKey} from "../../../src/ecies/keys.js";
import {toHex} from "../../../src/runtime/hex.js";
import {writeKeyFile} from "../../../src/runtime/secretFile.js";
import {keystoresOf} from "../../../src/sandbox/makeCluster.js";
import {temporaryFolder} from "../../support/servers.js";
import {clusterId, createSystem} from "../../support/system.js";

it("a role does not start on files that do not fit together", async () => {
  const system = await createSystem({validators: 1});
  const env = {...system.env, LOG_LEVEL: "error", START_PATIENCE: "1ms"};
  const folder = await temporaryFolder();
  const otherKey = join(folder, "key");
  await writeKeyFile(otherKey, toHex(generatePrivateKey()));
  const mainnetLock = join(folder, "lock.json");
  await writeFile(mainnetLock, (await readFile(system.clusterLock, "utf8")).replace("0x10000910", "0x00000000"));
  const sidecar = {
    ...env,
    OBOL_CLUSTER_LOCK_FILE: system.clusterLock,
    OBOL_KEYSTORES_DIR: keystoresOf(system.keystoresTemplate, 0),
    OBOL_NODE_INDEX: "0",
    NATS_SEED_FILE: system.seedFile(`sidecar-${clusterId}-1`),
    SIDECAR_STATE_FILE: join(folder, "state.jsonl"),
  };
  const aggregator = {...env, NATS_SEED_FILE: system.seedFile("aggregator")};
  const startSidecar = (change: Record<string, string>): Promise<void> => runSidecar({verify: true}, {...sidecar, ...change});
  const startAggregator = (change: Record<string, string>): Promise<void> =>
    runAggregator({verify: true}, {...aggregator, ...change});
  const rows = [
    {start: startSidecar, change: {OBOL_NODE_INDEX: "1"}, code: "KEYSTORE_FOREIGN"},
    {start: startSidecar, change: {OBOL_NODE_INDEX: "7"}, code: "CONFIG_INVALID"},
    {start: startSidecar, change: {OBOL_KEYSTORES_DIR: folder}, code: "KEYSTORES_MISSING"},
    {start: startSidecar, change: {OBOL_CLUSTER_LOCK_FILE: mainnetLock}, code: "CLUSTER_NETWORK_MISMATCH"},
    {start: startSidecar, change: {CLUSTER_ID: "c9"}, code: "CONFIG_INVALID", says: clusterId},
    {start: startSidecar, change: {NETWORK: "mainnet"}, code: "PARTICIPANTS_INVALID"},
    {start: startSidecar, change: {NATS_SEED_FILE: system.seedFile("relayer")}, code: "KEY_FILE_INVALID"},
    {start: startSidecar, change: {NATS_SEED_FILE: otherKey}, code: "KEY_FILE_INVALID"},
    {start: startAggregator, change: {AGGREGATOR_PRIVATE_KEY_FILE: otherKey}, code: "KEY_FILE_INVALID"},
  ];
  for (const {start, change, code, says = ""} of rows) {
    const refused = {code, message: expect.stringContaining(says)};
    await expect(start(change), JSON.stringify(Object.keys(change))).rejects.toMatchObject(refused);
  }
});
