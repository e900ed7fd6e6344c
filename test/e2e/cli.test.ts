import {readFile, stat, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {networks} from "../../src/consensus/networks.js";
import {startDvt} from "../../src/demo/dvtProcess.js";
import {keystoresOf} from "../../src/demo/makeCluster.js";
import {createSeed} from "../../src/messaging/identity.js";
import {temporaryFolder} from "../support/servers.js";
import {clusterId, createSystem} from "../support/system.js";
import {startBeaconServer} from "../unit/support/beaconServer.js";
import {keyOf} from "../unit/support/deposits.js";

const run = async (args: string[], env: Record<string, string> = {}): Promise<{code: unknown; output: string}> => {
  const child = startDvt(args, env);
  const code = await child.ended;
  return {code, output: child.output()};
};

describe("dvt", () => {
  it.each([
    {id: "an unknown command", args: ["relay"]},
    {id: "an unknown option", args: ["relayer", "--fast"]},
    {id: "a required option left away", args: ["operator", "request", "--start-index", "1"]},
    {id: "a start index that is no number", args: ["operator", "request", "--deposit-data", "x", "--start-index", "1.5"]},
    {id: "a demo whose threshold is above its nodes", args: ["demo", "--nodes", "3", "--threshold", "4"]},
    {id: "a demo of a port that there is not", args: ["demo", "--http-port", "65536"]},
    {id: "a demo on a part of somebody's files", args: ["demo", "--cluster-lock", "x"]},
  ])("ends with 64 on $id", async ({args}) => {
    expect((await run(args)).code).toBe(64);
  });

  it.each([
    {
      command: "relayer",
      variables: ["NETWORK", "NATS_URL", "MONGODB_URL_FILE", "REISSUE_AFTER", "EXIT_LIFETIME", "ORACLES_CONFIG_FILE"],
    },
    {command: "sidecar", variables: ["OBOL_CLUSTER_LOCK_FILE", "OBOL_KEYSTORES_DIR", "OBOL_NODE_INDEX", "CLUSTER_TYPE"]},
    {command: "aggregator", variables: ["AGGREGATOR_PRIVATE_KEY_FILE", "MONGODB_URL"]},
    {command: "operator request", variables: ["OPERATOR_ID", "RESEND_AFTER"]},
    {command: "streams apply", variables: ["ACK_WAIT", "STREAM_REPLICAS", "PARTICIPANTS_FILE"]},
    {command: "demo", variables: ["DEMO_NATS_URL", "DEMO_MONGODB_URL"]},
  ])("names the environment of $command in its help", async ({command, variables}) => {
    const {code, output} = await run([...command.split(" "), "--help"]);
    expect(code).toBe(0);
    for (const variable of variables) expect(output).toContain(variable);
  });

  it("tells everything that is wrong with the environment at once, and ends with 78", async () => {
    const {code, output} = await run(["relayer"], {
      NETWORK: "goerli",
      REISSUE_AFTER: "10 minutes",
      MONGODB_URL: "a",
      MONGODB_URL_FILE: "/nowhere",
    });
    expect(code).toBe(78);
    for (const name of ["NETWORK", "REISSUE_AFTER", "ORACLES_CONFIG_FILE", "MONGODB_URL_FILE"]) expect(output).toContain(name);
  });

  it("makes an aggregator key that only its owner can read, and never overwrites it", async () => {
    const file = join(await temporaryFolder(), "key");
    const {code, output} = await run(["keys", "aggregator", "--output", file]);
    expect(code).toBe(0);
    expect(output).toMatch(/^0x[0-9a-f]{128}$/);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const before = await readFile(file, "utf8");
    expect((await run(["keys", "aggregator", "--output", file])).code).toBe(78);
    expect(await readFile(file, "utf8")).toBe(before);
  });
});

describe("a role", () => {
  it("ends with 0 when it is asked to stop, with 75 when NATS or MongoDB is away, with 78 when there is no stream", async () => {
    const system = await createSystem({validators: 1});
    const relayerEnv = {...system.env, NATS_SEED_FILE: system.seedFile("relayer")};
    const relayer = await system.relayer();
    relayer.process.kill("SIGTERM");
    expect(await relayer.ended).toBe(0);
    expect(await run(["relayer"], {...relayerEnv, NATS_URL: "nats://127.0.0.1:1"})).toMatchObject({code: 75});
    expect(await run(["relayer"], {...relayerEnv, MONGODB_URL: "mongodb://127.0.0.1:1/x"})).toMatchObject({code: 75});
    const jsm = await system.bus.connection.jetstreamManager();
    await jsm.streams.delete("REQUESTS");
    const missing = await run(["relayer"], relayerEnv);
    expect(missing).toMatchObject({code: 78});
    expect(missing.output).toContain("dvt streams apply");
  });

  it("refuses to start on files that do not fit together", async () => {
    const system = await createSystem({validators: 1});
    const sidecar = {
      ...system.env,
      OBOL_CLUSTER_LOCK_FILE: system.clusterLock,
      OBOL_KEYSTORES_DIR: keystoresOf(system.keystoresTemplate, 0),
      OBOL_NODE_INDEX: "0",
      NATS_SEED_FILE: system.seedFile(`sidecar-${clusterId}-1`),
      SIDECAR_STATE_FILE: join(await temporaryFolder(), "state.jsonl"),
    };
    const folder = await temporaryFolder();
    const otherKey = join(folder, "key");
    await run(["keys", "aggregator", "--output", otherKey]);
    const mainnetLock = join(folder, "lock.json");
    await writeFile(mainnetLock, (await readFile(system.clusterLock, "utf8")).replace("0x10000910", "0x00000000"));
    const rows = [
      {args: ["sidecar"], env: {...sidecar, OBOL_NODE_INDEX: "1"}, says: "KEYSTORE_FOREIGN"},
      {args: ["sidecar"], env: {...sidecar, OBOL_NODE_INDEX: "7"}, says: "CONFIG_INVALID"},
      {args: ["sidecar"], env: {...sidecar, OBOL_KEYSTORES_DIR: folder}, says: "KEYSTORES_MISSING"},
      {args: ["sidecar"], env: {...sidecar, OBOL_CLUSTER_LOCK_FILE: mainnetLock}, says: "CLUSTER_NETWORK_MISMATCH"},
      {args: ["sidecar"], env: {...sidecar, CLUSTER_ID: "c9"}, says: clusterId},
      {args: ["sidecar"], env: {...sidecar, NETWORK: "mainnet"}, says: "PARTICIPANTS_INVALID"},
      {args: ["sidecar"], env: {...sidecar, NATS_SEED_FILE: system.seedFile("relayer")}, says: "KEY_FILE_INVALID"},
      {args: ["sidecar"], env: {...sidecar, NATS_SEED_FILE: otherKey}, says: "KEY_FILE_INVALID"},
      {
        args: ["aggregator"],
        env: {...system.env, NATS_SEED_FILE: system.seedFile("aggregator"), AGGREGATOR_PRIVATE_KEY_FILE: otherKey},
        says: "KEY_FILE_INVALID",
      },
    ];
    for (const {args, env, says} of rows) {
      const {code, output} = await run(args, env);
      expect(code, output).toBe(78);
      expect(output).toContain(says);
    }
  });
});

describe("dvt operator request", () => {
  it("ends with 75 and a list at the timeout, and goes on when it is run again: what is complete comes back identical", async () => {
    const system = await createSystem();
    await Promise.all([system.relayer(), system.aggregator()]);
    const early = system.request({timeout: 1});
    expect(await early.ended).toBe(75);
    for (const publicKey of system.publicKeys) expect(early.output()).toContain(publicKey);
    await system.sidecars(0, 1, 2);
    const first = await system.expectCompleted(system.request());
    expect(await system.expectCompleted(system.request())).toEqual(first);
  });

  it("ends with 2 and a list when some were rejected, and keeps what was completed; indexes are the chain's next", async () => {
    const system = await createSystem({validators: 2});
    await Promise.all([system.relayer(), system.aggregator(), system.sidecars(0, 1, 2)]);
    const stranger = (await createSystem({validators: 1})).publicKeys[0] as string;
    const folder = await temporaryFolder();
    const depositData = join(folder, "deposit_data.json");
    await writeFile(depositData, JSON.stringify([...system.publicKeys, stranger].map((pubkey) => ({pubkey: pubkey.slice(2)}))));
    const chain = await startBeaconServer(networks.hoodi, {validators: ["a", "b", "c", "d", "e"].map(keyOf), pending: []});
    const args = ["operator", "request", "--deposit-data", depositData, "--output", join(folder, "results.json")];
    const {code, output} = await run(args, {
      ...system.env,
      OPERATOR_ID: "op-1",
      NATS_SEED_FILE: system.seedFile("operator-op-1"),
      CONSENSUS_ENDPOINT: chain.url,
    });
    expect(code, output).toBe(2);
    expect(output).toContain(`hoodi:${stranger}:7 VALIDATOR_UNKNOWN`);
    const {validators} = JSON.parse(await readFile(join(folder, "results.json"), "utf8"));
    expect(validators.map((it: {validator_index: number}) => it.validator_index)).toEqual([5, 6]);
  });
});

describe("dvt streams apply", () => {
  it("shows the difference without applying it, applies it, and then finds none", async () => {
    const system = await createSystem({validators: 1});
    expect(await system.applyStreams()).toContain("everything is as declared");
    const participants = JSON.parse(await readFile(system.participantsFile, "utf8"));
    participants.operators.push({id: "op-3", nkey: createSeed().nkey});
    await writeFile(system.participantsFile, JSON.stringify(participants));
    for (let times = 0; times < 2; times++)
      expect(await system.applyStreams(["--dry-run"])).toContain("create consumer operator-op-3");
    expect(await system.applyStreams()).toContain("1 applied");
    expect(await system.applyStreams()).toContain("everything is as declared");
  });
});
