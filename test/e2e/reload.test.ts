import {copyFile, mkdir, readdir, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {readDepositData} from "../../src/client/depositData.js";
import {networks} from "../../src/consensus/networks.js";
import {createSeed} from "../../src/messaging/identity.js";
import {writeKeyFile} from "../../src/runtime/secretFile.js";
import type {Child} from "../../src/sandbox/childProcess.js";
import {type ClusterFiles, keystoresOf, writeCluster} from "../../src/sandbox/makeCluster.js";
import {changeParticipants, reloadNats} from "../support/changeParticipants.js";
import {messagesIn} from "../support/stage.js";
import {createSystem, operatorId, type System} from "../support/system.js";
import {untilLines} from "../support/until.js";

/** Nothing is found out by looking now and then. */
const never = {RELOAD_EVERY: "1h"};

const newCluster = (system: System, name: string): Promise<ClusterFiles> =>
  writeCluster(join(system.folder, name), networks.hoodi, {validators: 3, nodes: 4, threshold: 3, keystoreRounds: 2});

/** An entry for it in participants.json, with new nkeys. */
async function listCluster(system: System, id: string, definition: string): Promise<void> {
  const sidecars = await Promise.all(
    [1, 2, 3, 4].map(async (share_index) => {
      const {seed, nkey} = createSeed();
      await writeKeyFile(system.seedFile(`sidecar-${id}-${share_index}`), seed);
      return {share_index, nkey};
    }),
  );
  await changeParticipants(system, ({clusters}) => clusters.push({id, definition, operators: [operatorId], sidecars}));
}

/** Of three nodes, in one process. */
const startSidecars = (system: System, id: string, definition: string, {keystoresTemplate}: ClusterFiles): Promise<Child> =>
  system.sidecar([0, 1, 2], {
    ...never,
    CLUSTER_ID: id,
    OBOL_CLUSTER_LOCK_FILE: definition,
    OBOL_KEYSTORES_DIR_TEMPLATE: keystoresTemplate,
    NATS_SEED_FILE: system.seedFile(`sidecar-${id}-{share_index}`),
    SIDECAR_STATE_FILE: join(system.folder, `${id}-{node_index}.jsonl`),
  });

/** As a node gets them from a second key generation: beside those that it has. */
async function addKeystores({keystoresTemplate: from}: ClusterFiles, {keystoresTemplate: to}: ClusterFiles): Promise<void> {
  for (const nodeIndex of [0, 1, 2]) {
    const [source, target] = [keystoresOf(from, nodeIndex), keystoresOf(to, nodeIndex)];
    for (const name of await readdir(source)) {
      await copyFile(join(source, name), join(target, name.replace("keystore-", "keystore-more-")));
    }
  }
}

async function expectExits(system: System, {depositData}: ClusterFiles, startIndex: number): Promise<void> {
  const operator = system.request({startIndex, depositData});
  await system.expectCompleted(operator, startIndex, await readDepositData(depositData, networks.hoodi));
}

describe("a change of the files while the roles run", () => {
  it("lets a new cluster in, then more validators of it, and disturbs nobody by what is wrong", async () => {
    const system = await createSystem({validators: 3});
    // New senders are found by looking; what they send waits for that.
    const roles = await Promise.all([system.relayer(never), system.aggregator({RELOAD_EVERY: "1s"})]);
    await system.sidecars(0, 1, 2);

    const directory = join(system.folder, "c2-definition");
    await mkdir(directory);
    const first = await newCluster(system, "first");
    await copyFile(first.clusterLock, join(directory, "cluster-lock.json"));
    await listCluster(system, "c2", directory);
    expect((await reloadNats(system)).code).toBe(0);
    expect(await system.applyStreams()).toContain("sidecar-c2-4");
    const sidecars = await startSidecars(system, "c2", directory, first);
    // Whoever is asked first finds the new cluster by looking because of the message itself.
    await expectExits(system, first, 1000);
    for (const role of roles) expect(role.output()).toMatch(/"cluster_id":"c2".*"cluster definition in effect"/);

    const second = await newCluster(system, "second");
    await addKeystores(second, first);
    await copyFile(second.clusterLock, join(directory, "cluster-lock-2.json"));
    await expectExits(system, second, 2000);
    for (const shareIndex of [1, 2, 3])
      expect(sidecars.output()).toMatch(new RegExp(`"sidecar":"c2-${shareIndex}".*"key_shares":6.*"key shares opened"`));

    const good = await readFile(system.participantsFile, "utf8");
    await writeFile(join(directory, "cluster-lock-3.json"), "{}");
    await changeParticipants(system, (file) => Object.assign(file, {operators: "nobody"}));
    for (const role of roles) {
      role.process.kill("SIGHUP");
      await untilLines(role, /files reloaded on SIGHUP/, 1);
      expect(role.output()).toMatch(/PARTICIPANTS_INVALID.*the previous version stays in effect/);
      expect(role.output()).toMatch(/CLUSTER_DEFINITION_UNKNOWN.*cluster-lock-3.*the previous one stays/);
    }
    await writeFile(system.participantsFile, good);
    await system.expectCompleted(system.request({startIndex: 3000}), 3000);
    for (const role of [...roles, sidecars]) expect(role.process.exitCode).toBeNull();
    expect(await messagesIn(system.bus, "DEAD_LETTERS")).toBe(0);
  });
});
