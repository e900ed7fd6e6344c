import {readFile, stat, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it, onTestFinished} from "vitest";
import {networks} from "../../src/consensus/networks.js";
import {createSeed} from "../../src/messaging/identity.js";
import {startDvt} from "../../src/sandbox/dvtProcess.js";
import {startBeaconServer} from "../support/beaconServer.js";
import {keyOf} from "../support/examples/deposits.js";
import {temporaryFolder} from "../support/servers.js";
import {createSystem} from "../support/system.js";

const run = async (args: string[], env: Record<string, string> = {}): Promise<{code: unknown; output: string}> => {
  const child = startDvt(args, env);
  const code = await child.ended;
  return {code, output: child.output()};
};

describe("dvt", () => {
  it.each([
    {id: "an unknown command", args: ["relay"]},
    {id: "a demo whose threshold is above its nodes", args: ["demo", "--nodes", "3", "--threshold", "4"]},
  ])("ends with 64 on $id", async ({args}) => {
    expect((await run(args)).code).toBe(64);
  });

  it("ends with 0 after its help", async () => {
    expect(await run(["relayer", "--help"])).toMatchObject({code: 0, output: expect.stringContaining("MONGODB_URL_FILE")});
  });

  it("prints its version, and the commit if the build knows it", async () => {
    expect(await run(["--version"])).toEqual({
      code: 0,
      output: expect.stringMatching(/^\d+\.\d+\.\d+(\+[0-9a-f]{12}(-dirty)?)?$/),
    });
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

  it("warns of a name that is nearly one of ours, and tells no value", async () => {
    const {output} = await run(["clusters", "show", "/nowhere"], {EXIT_PER_HOUR: "hunter2"});
    expect(output).toMatch(/EXIT_PER_HOUR.*EXITS_PER_HOUR/);
    expect(output).not.toContain("hunter2");
  });

  it("says what is too little for it, and ends with 78", async () => {
    const {code, output} = await run(["relayer", "--help"], {NODE_OPTIONS: "--max-old-space-size=64"});
    expect(code).toBe(78);
    expect(output).toContain("--max-old-space-size");
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
  const start = (participantsFile: string) => {
    const missing = {NATS_SEED_FILE: "nowhere", OBOL_NODE_INDEX: "0", OBOL_KEYSTORES_DIR: "nowhere"};
    const child = startDvt(["sidecar"], {NETWORK: "hoodi", PARTICIPANTS_FILE: participantsFile, LOG_FORMAT: "json", ...missing});
    onTestFinished(child.stop);
    return child;
  };

  it("waits at its start for a file that is not there, and ends with 0 when it is asked to stop meanwhile", async () => {
    const child = start(join(await temporaryFolder(), "participants.json"));
    await child.line(/FILE_MISSING.*the participants file is unavailable/);
    child.process.kill("SIGTERM");
    expect(await child.ended).toBe(0);
  });

  it("waits for the rest of one that is half written, and ends with 78 as soon as that is wrong", async () => {
    const path = join(await temporaryFolder(), "participants.json");
    await writeFile(path, '{"network": "hoodi"');
    const child = start(path);
    await child.line(/FILE_INCOMPLETE.*the participants file is unavailable/);
    await writeFile(path, '{"network": "hoodi"}');
    expect(await child.ended).toBe(78);
    expect(child.output()).toContain("PARTICIPANTS_INVALID");
    expect(child.output()).toContain("`dvt doctor sidecar` with these settings shows everything that it needs");
  });

  it("ends with 0 when it is asked to stop, and when its patience is over with 75 where NATS or MongoDB is away, with 78 where there is no stream", async () => {
    const system = await createSystem({validators: 1});
    const relayerEnv = {...system.env, NATS_SEED_FILE: system.seedFile("relayer")};
    const impatient = {...relayerEnv, START_PATIENCE: "1ms"};
    const away = [{NATS_URL: "nats://127.0.0.1:1"}, {MONGODB_URL: "mongodb://127.0.0.1:1/x"}];
    const [relayer, ...ended] = await Promise.all([
      system.relayer(),
      ...away.map((change) => run(["relayer"], {...impatient, ...change})),
    ]);
    expect(ended.map(({code}) => code)).toEqual([75, 75]);
    relayer.process.kill("SIGUSR1");
    relayer.process.kill("SIGTERM");
    expect(await relayer.ended).toBe(0);
    expect(relayer.output()).not.toContain("Debugger listening");
    const jsm = await system.bus.connection.jetstreamManager();
    await jsm.streams.delete("REQUESTS");
    const missing = await run(["relayer"], impatient);
    expect(missing).toMatchObject({code: 78});
    expect(missing.output).toContain("dvt streams apply");
  });
});

describe("dvt operator request", () => {
  it("ends with 75 and a list at the timeout, and goes on when it is run again: what is complete comes back identical", async () => {
    const system = await createSystem();
    const [relayer] = await Promise.all([system.relayer(), system.aggregator()]);
    const early = system.startRequest({timeout: 1});
    expect(await early.ended).toBe(75);
    for (const publicKey of system.publicKeys) expect(early.output()).toContain(publicKey);
    await system.sidecars(0, 1, 2);
    const first = await system.expectCompleted(system.startRequest());
    const again = system.startRequest();
    expect(await system.expectCompleted(again)).toEqual(first);
    // While the relayer is away nothing comes, and nothing goes.
    await relayer.stop();
    const away = system.startRequest({startIndex: 2000, timeout: 1, more: ["--output", again.resultsFile]});
    expect(await away.ended).toBe(75);
    expect(JSON.parse(await readFile(again.resultsFile, "utf8"))).toEqual(first);
    // Before anybody is asked: the bus is not even there.
    const nowhere = system.startRequest({
      more: ["--output", join(again.resultsFile, "x")],
      env: {NATS_URL: "nats://127.0.0.1:1"},
    });
    expect(await nowhere.ended, nowhere.output()).toBe(78);
    expect(nowhere.output()).toMatch(/\[FILE_UN(READ|WRIT)ABLE\]/);
  });

  it("ends with 2 and a list when some were rejected, and keeps what was completed; indexes are the chain's next", async () => {
    const system = await createSystem({validators: 2});
    await Promise.all([system.relayer(), system.aggregator(), system.sidecars(0, 1, 2)]);
    const stranger = keyOf("of no cluster");
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
    expect(await system.applyStreams(["--dry-run"])).toContain("create consumer operator-op-3");
    expect(await system.applyStreams()).toContain("2 applied");
    expect(await system.applyStreams()).toContain("everything is as declared");
  });
});
