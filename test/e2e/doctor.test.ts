import {chmod, copyFile, mkdir, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {afterEach, expect, it, vi} from "vitest";
import {networks} from "../../src/consensus/networks.js";
import {keystoresOf} from "../../src/sandbox/makeCluster.js";
import {publishParticipants} from "../../src/trust/publishParticipants.js";
import {canary, startBeaconServer} from "../support/beaconServer.js";
import {dvt} from "../support/dvt.js";
import {clusterId, createSystem, operatorId, type System} from "../support/system.js";

afterEach(() => {
  vi.useRealTimers();
});

type Env = Record<string, string>;
type Line = {what: string; state: string; says: string; code?: string; todo?: string};

async function look(role: string, env: Env): Promise<{code: number; output: string; lines: Line[]}> {
  const {code, output} = await dvt(["doctor", role, "--json"], env);
  expect(output, role).not.toContain(canary);
  return {code, output, lines: JSON.parse(output).checks};
}

/** The environment of each role, with everything that it needs. */
async function environmentsOf(system: System, consensus: string): Promise<Record<string, Env>> {
  const seeds = join(system.folder, "gateway-seeds");
  await mkdir(seeds);
  for (const name of [`operator-${operatorId}`, `sidecar-${clusterId}-2`]) {
    await copyFile(system.seedFile(name), join(seeds, `${name}.nkey`));
  }
  return {
    relayer: {...system.env, NATS_SEED_FILE: system.seedFile("relayer")},
    aggregator: {
      ...system.env,
      NATS_SEED_FILE: system.seedFile("aggregator"),
      AGGREGATOR_PRIVATE_KEY_FILE: system.aggregatorKeyFile,
    },
    sidecar: {
      ...system.env,
      OBOL_CLUSTER_LOCK_FILE: system.clusterLock,
      OBOL_NODE_INDEX: "0",
      OBOL_KEYSTORES_DIR: keystoresOf(system.keystoresTemplate, 0),
      NATS_SEED_FILE: system.seedFile(`sidecar-${clusterId}-1`),
      SIDECAR_STATE_FILE: join(system.folder, "sidecar.jsonl"),
      CONSENSUS_ENDPOINT: consensus,
    },
    gateway: {
      ...system.env,
      GATEWAY_SEEDS_DIR: seeds,
      GATEWAY_STATE_FILE: join(system.folder, "gateway.jsonl"),
      NEXT_VALIDATOR_INDEX: "1000",
    },
    console: {...system.env, NATS_SEED_FILE: system.seedFile("viewer-console")},
    operator: {...system.env, NATS_SEED_FILE: system.seedFile(`operator-${operatorId}`), OPERATOR_ID: operatorId},
  };
}

it("finds a whole system healthy, and each fault alone in its own line", async () => {
  const system = await createSystem({validators: 2});
  const [beacon, elsewhere, syncing] = [
    await startBeaconServer(networks.hoodi),
    await startBeaconServer(networks.mainnet),
    await startBeaconServer(networks.hoodi),
  ];
  syncing.answerWith((path) => (path === "node/syncing" ? {body: {data: {is_syncing: true, sync_distance: "70"}}} : undefined));
  const environments = await environmentsOf(system, beacon.url);
  await system.relayer();
  for (const [role, env] of Object.entries(environments)) {
    const {code, output, lines} = await look(role, env);
    expect(code, output).toBe(0);
    expect(lines.length, role).toBeGreaterThan(4);
  }

  const fault = async (
    role: string,
    changed: Env,
    expected: {what: string; code: string | undefined; says?: string},
  ): Promise<Line[]> => {
    const {code, output, lines} = await look(role, {...environments[role], ...changed});
    expect(code, output).toBe(2);
    const [line, ...others] = lines.filter(({state}) => state === "not_ok");
    expect({what: line?.what, code: line?.code, others}, output).toEqual({what: expected.what, code: expected.code, others: []});
    expect(line?.says).toContain(expected.says ?? "");
    expect(line?.todo).toMatch(/\w[.?]$/);
    return lines;
  };
  const write = async (name: string, text: string, mode = 0o600): Promise<string> => {
    const path = join(system.folder, name);
    await writeFile(path, text, {mode});
    await chmod(path, mode);
    return path;
  };
  const notLookedAt = (lines: readonly Line[]): string[] =>
    lines.filter(({state}) => state === "not_looked_at").map(({what}) => what);

  const nowhere = join(system.folder, "nowhere");
  const withoutFile = await fault("relayer", {PARTICIPANTS_FILE: nowhere}, {what: "participants.json", code: "FILE_MISSING"});
  expect(notLookedAt(withoutFile)).toContain("NATS as relayer");
  const exposed = join(system.folder, "exposed.nkey");
  await copyFile(system.seedFile("aggregator"), exposed);
  await chmod(exposed, 0o644);
  await fault("aggregator", {NATS_SEED_FILE: exposed}, {what: "seed of aggregator", code: "KEY_FILE_EXPOSED"});
  const others = system.seedFile(`operator-${operatorId}`);
  const says = `is the seed of operator-${operatorId}; this has to be the seed of sidecar-${clusterId}-1`;
  await fault("sidecar", {NATS_SEED_FILE: others}, {what: `seed of sidecar-${clusterId}-1`, code: "KEY_FILE_INVALID", says});
  const away = await fault(
    "operator",
    {NATS_URL: "nats://127.0.0.1:1"},
    {what: `NATS as operator-${operatorId}`, code: "BUS_UNAVAILABLE"},
  );
  expect(notLookedAt(away)).toEqual([
    "stream PARTICIPANTS",
    `consumers of operator-${operatorId}`,
    `clock of operator-${operatorId}`,
    "relayer",
  ]);
  // A folder in the place of a file, which Docker makes: nobody reads it here.
  expect((await look("relayer", {...environments["relayer"], ORACLES_CHECKPOINT_FILE: system.folder})).code).toBe(0);
  await fault("relayer", {ORACLES_CONFIG_FILE: system.participantsFile}, {what: "oracle set", code: "ORACLES_CONFIG_INVALID"});
  await fault("gateway", {MONGODB_URL: "mongodb://127.0.0.1:1/dvt"}, {what: "MongoDB", code: "STORE_UNAVAILABLE"});
  const inFile = join(system.participantsFile, "state.jsonl");
  await fault("sidecar", {SIDECAR_STATE_FILE: inFile}, {what: "SIDECAR_STATE_FILE", code: "FILE_UNWRITABLE"});
  await fault(
    "sidecar",
    {CONSENSUS_ENDPOINT: elsewhere.url},
    {what: `beacon node ${elsewhere.host}`, code: "CONSENSUS_CHAIN_MISMATCH"},
  );
  await fault("sidecar", {CONSENSUS_ENDPOINT: syncing.url}, {what: `beacon node ${syncing.host}`, code: "CONSENSUS_UNAVAILABLE"});
  const keyShares = "key shares of share index 1";
  const password = await write("password.txt", "hunter2");
  await fault("sidecar", {KEYSTORES_PASSWORD_FILE: password}, {what: keyShares, code: "KEYSTORE_PASSWORD_WRONG"});
  await fault("sidecar", {REMOTE_SIGNER_URL: "http://127.0.0.1:1"}, {what: keyShares, code: "SIGNER_UNAVAILABLE"});
  vi.useFakeTimers({toFake: ["Date"], now: Date.now() + 120_000});
  await fault("sidecar", {}, {what: `clock of sidecar-${clusterId}-1`, code: "CLOCK_WRONG"});
  vi.useRealTimers();

  const versionAt = async (version: number): Promise<string> => {
    const path = join(system.folder, `participants-${version}.json`);
    const own = JSON.parse(await readFile(system.participantsFile, "utf8"));
    await writeFile(path, JSON.stringify({...own, version}));
    return path;
  };
  await publishParticipants({bus: system.bus, path: await versionAt(3), network: "hoodi"});
  const old = {PARTICIPANTS_FILE: await versionAt(2)};
  await fault("sidecar", old, {
    what: "stream PARTICIPANTS",
    code: undefined,
    says: "version 3 of participants.json is published",
  });
  expect((await look("sidecar", {...environments["sidecar"], PARTICIPANTS_FILE: await versionAt(3)})).code).toBe(0);

  const jsm = await system.bus.connection.jetstreamManager();
  await jsm.consumers.delete("EXIT_REQUESTS", `sidecar-${clusterId}-1`);
  await fault("sidecar", {}, {what: `consumers of sidecar-${clusterId}-1`, code: "STREAMS_MISSING"});
  await jsm.streams.delete("PARTICIPANTS");
  await fault("relayer", {}, {what: "streams", code: "STREAMS_MISSING"});
  await fault("aggregator", {}, {what: "stream PARTICIPANTS", code: "STREAMS_MISSING"});
});
