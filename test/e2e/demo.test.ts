import {access, readdir, readFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {connect} from "nats";
import {describe, expect, inject, it, onTestFinished} from "vitest";
import {networks} from "../../src/consensus/networks.js";
import type {Bus} from "../../src/messaging/connect.js";
import {presentStreams} from "../../src/messaging/presentStreams.js";
import {builtFile} from "../../src/runtime/projectRoot.js";
import {startChild} from "../../src/sandbox/childProcess.js";
import {writeCluster} from "../../src/sandbox/makeCluster.js";
import {writeOracles} from "../../src/sandbox/writeOracles.js";
import {openNode, postShares, untilListed} from "../support/httpSidecar.js";
import {startOpenNats, temporaryFolder} from "../support/servers.js";
import {post} from "../support/testGateway.js";
import {untilLines} from "../support/until.js";

const startDemo = (args: string[], env: Record<string, string> = {}) => {
  const child = startChild(process.execPath, [builtFile("dvt.cjs"), "demo", ...args], {
    env: {...process.env, ...env},
    name: "demo",
  });
  onTestFinished(child.stop);
  return child;
};

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function connectOpenly(url: string): Promise<Pick<Bus, "connection">> {
  const connection = await connect({servers: url});
  onTestFinished(() => connection.close());
  return {connection};
}

describe("the demo", () => {
  it("starts its own servers, completes the exits of a cluster of each kind and leaves nothing behind but the results", async () => {
    const folder = await temporaryFolder();
    const output = join(folder, "results.json");
    // What production is pointed at is never touched: nothing listens there.
    const env = {TMPDIR: folder, NATS_URL: "nats://127.0.0.1:1", MONGODB_URL: "mongodb://127.0.0.1:1/x"};
    const size = ["--cluster-type", "OBOL,SSV", "--validators", "1", "--oracle-count", "5", "--oracle-threshold", "2"];
    // As many sidecars as sign, of either cluster.
    const demo = startDemo([...size, "--sidecars", "3", "--output", output], env);
    expect(await demo.ended, demo.output()).toBe(0);
    expect(demo.output()).toMatch(/2 of 2 exits completed, median \d+ ms/);
    expect(JSON.parse(await readFile(output, "utf8")).validators).toHaveLength(2);
    expect(await readdir(folder)).toEqual(["results.json"]);
  });

  it("runs on the user's own files and servers, and leaves the servers as it found them", async () => {
    const folder = await temporaryFolder();
    const own = await writeCluster(folder, networks.gnosis, {validators: 2, nodes: 2, threshold: 2, keystoreRounds: 2});
    const oracles = join(folder, "oracles.json");
    await writeOracles(oracles, {count: 3, threshold: 2});
    const nats = await startOpenNats();
    const output = join(folder, "results.json");
    const files = [
      "--cluster-lock",
      own.clusterLock,
      "--keystores",
      own.keystoresTemplate,
      "--deposit-data",
      own.depositData,
      "--oracles",
      oracles,
    ];
    const args = [...files, "--network", "gnosis", "--start-index", "77", "--output", output];
    const servers = {DEMO_NATS_URL: nats.url, DEMO_MONGODB_URL: inject("mongoUrl")};
    const demo = startDemo(args, servers);
    expect(await demo.ended, demo.output()).toBe(0);
    expect(JSON.parse(await readFile(output, "utf8"))).toMatchObject({
      network: "gnosis",
      validators: [{validator_index: 77}, {validator_index: 78}],
    });
    expect(await presentStreams(await connectOpenly(nats.url))).toEqual([]);
  });

  it("starts no nats-server from PyPI with somebody's own keys, where there is no other", async () => {
    const folder = await temporaryFolder();
    const own = await writeCluster(folder, networks.hoodi, {validators: 1, nodes: 2, threshold: 2, keystoreRounds: 2});
    const files = ["--cluster-lock", own.clusterLock, "--keystores", own.keystoresTemplate, "--deposit-data", own.depositData];
    const demo = startDemo([...files, "--network", "hoodi"], {
      PATH: folder,
      XDG_CACHE_HOME: folder,
      DEMO_MONGODB_URL: inject("mongoUrl"),
    });
    expect(await demo.ended, demo.output()).toBe(78);
    expect(demo.output()).toContain("SERVERS_MISSING");
    expect(demo.output()).not.toContain("PyPI");
  });

  it("keeps away from a NATS server that has streams of ours", async () => {
    const nats = await startOpenNats();
    const bus = await connectOpenly(nats.url);
    const jsm = await bus.connection.jetstreamManager();
    await jsm.streams.add({name: "COMPLETIONS", subjects: ["dvt.v2.completions.>"]});
    const demo = startDemo(["--validators", "1"], {DEMO_NATS_URL: nats.url, DEMO_MONGODB_URL: inject("mongoUrl")});
    expect(await demo.ended).toBe(78);
    expect(demo.output()).toContain("STREAMS_FOREIGN");
    expect(await presentStreams(bus)).toEqual(["COMPLETIONS"]);
  });

  it("says which node's keystores it looked for when too few are there", async () => {
    const folder = await temporaryFolder();
    const own = await writeCluster(folder, networks.hoodi, {validators: 1, nodes: 4, threshold: 3, keystoreRounds: 2});
    const demo = startDemo([
      "--cluster-lock",
      own.clusterLock,
      "--keystores",
      join(folder, "n{node_index}"),
      "--deposit-data",
      own.depositData,
    ]);
    expect(await demo.ended).toBe(64);
    expect(demo.output()).toContain("USAGE");
  });

  it.each([
    {server: "nats-server", named: {DEMO_MONGODB_URL: "mongodb://127.0.0.1:1"}, ways: ["Go", "DEMO_NATS_URL"]},
    {server: "MongoDB", named: {DEMO_NATS_URL: "nats://127.0.0.1:1"}, ways: ["JDK", "mongod", "DEMO_MONGODB_URL"]},
  ])("lists the ways to a $server where there is none and none can be installed", async ({named, ways}) => {
    const folder = await temporaryFolder();
    const demo = startDemo(["--validators", "1"], {PATH: folder, XDG_CACHE_HOME: folder, ...named});
    expect(await demo.ended).toBe(78);
    for (const way of [...ways, "docker compose -f docker/compose.yaml up -d nats mongo"]) expect(demo.output()).toContain(way);
  });

  it("waits for sidecars of the user's, over HTTP too, and stays up for more, until it is interrupted", async () => {
    const folder = await temporaryFolder();
    const output = join(folder, "results.json");
    const size = ["--validators", "1", "--nodes", "3", "--oracle-count", "3", "--oracle-threshold", "2"];
    const demo = startDemo([...size, "--sidecars", "1", "--http-port", "0", "--keep", "--output", output], {
      TMPDIR: folder,
      DEMO_MONGODB_URL: inject("mongoUrl"),
    });
    const setting = async (name: string): Promise<string> => (await demo.line(new RegExp(`^ *${name}=(.*)$`)))[1] as string;
    const url = await setting("RELAYER_ENDPOINT");
    expect(demo.output()).toContain("1 more of demo-obol");
    expect(await setting("OBOL_NODE_INDEXES")).toBe("1,2");
    const clusterLock = await setting("OBOL_CLUSTER_LOCK_FILE");
    const node = await openNode({clusterLock, keystoresTemplate: await setting("OBOL_KEYSTORES_DIR_TEMPLATE")}, 2);
    const exits = await untilListed(url, ({length}) => length === 1);
    expect((await postShares(url, node, exits)).status).toBe(200);

    await demo.line(/1 of 1 exits completed/);
    const [, consoleUrl = ""] = await demo.line(/the console shows all of it on (\S+)/);
    await expect.poll(async () => (await fetch(consoleUrl)).text()).toMatch(/demo-obol.*done today<\/dt><dd><a[^>]*>1</s);
    const [command] = await demo.line(/\(set -a; .*operator request .*\)/);
    const {validators} = JSON.parse(await readFile(output, "utf8"));
    expect((await post(`${url}/validators`, {public_keys: [...node.publicKeys]})).body).toEqual({
      ready: true,
      validators: validators.map(({public_key, oracles_exit_signature_shares}: Record<string, unknown>) => ({
        public_key,
        oracles_exit_signature_shares,
      })),
    });
    const again = command.replace(/--start-index \d+/, "--start-index 1000");
    const asked = startChild("sh", ["-c", again], {name: "operator request"});
    const [, gatewayEnv] = await demo.line(/\(set -a; \. (.*gateway\.env); .* dvt -- gateway\)/);
    const settings = await readFile(gatewayEnv as string, "utf8");
    expect(settings).toContain("GATEWAY_PORT=0");
    expect(settings).not.toContain("NEXT_VALIDATOR_INDEX");
    expect(await asked.ended, asked.output()).toBe(0);

    const state = join(dirname(dirname(clusterLock)), "sidecar-demo-obol-1.jsonl");
    await expect.poll(() => readFile(state, "utf8")).toContain("credentials");

    demo.process.kill("SIGINT");
    expect(await demo.ended).toBe(130);
    expect(await readdir(folder)).toEqual(["results.json"]);
    expect(await processesWith(`TMPDIR=${folder}`)).toEqual([]);
  });

  it("registers validators in a vault on a chain of its own, on Gnosis, and renews their exits for other oracles; stays up for more", async () => {
    const folder = await temporaryFolder();
    const size = ["--validators", "2", "--nodes", "2", "--oracle-count", "4", "--oracle-threshold", "3"];
    const demo = startDemo(["--register", "--keep", "--network", "gnosis", ...size], {
      TMPDIR: folder,
      DEMO_MONGODB_URL: inject("mongoUrl"),
    });
    await demo.line(/\$ dvt operator register --vault 0x[0-9a-f]{40} --yes/);
    await demo.line(/block \d+: 1 validator, 32 mGNO, from index 3/);
    const [, key = ""] = await demo.line(/^(0x[0-9a-f]{96})$/);
    await demo.line(/the chain shows 1 of its validators, and 0 GNO left in the vault/);
    await demo.line(/each of 4 oracles opened its shards on IPFS, and 3 of them recover each exit/);
    await demo.line(/the oracles say whose exits are outdated: indexes 3$/);
    await demo.line(/\$ dvt operator rotate --vault 0x[0-9a-f]{40} --yes/);
    await demo.line(/the chain shows the rotation: each oracle in force opened its new shards, and 3 of them recover each exit/);
    await demo.line(/all of it held: the demo has shown 1 validator in a vault, registered and its exit renewed$/);
    const [curl = ""] = await demo.line(/curl .*eth_sendTransaction.*/);
    const [vault = ""] = await demo.line(/\(set -a; .*operator vault .*\)/);

    const funded = startChild("sh", ["-c", curl], {name: "curl"});
    expect(await funded.ended, funded.output()).toBe(0);
    const look = async (): Promise<string> => {
      const looked = startChild("sh", ["-c", vault], {name: "operator vault"});
      expect(await looked.ended, looked.output()).toBe(0);
      return looked.output();
    };
    await expect.poll(look).toContain("to stake: 32 mGNO");
    expect(await look()).not.toContain(`  ${key} `);

    demo.process.kill("SIGINT");
    expect(await demo.ended).toBe(130);
    expect(await readdir(folder)).toEqual([]);
    expect(await processesWith(`TMPDIR=${folder}`)).toEqual([]);
  });

  it("ends everything it started when its terminal is closed, and another signal comes with that, as through npm", async () => {
    const folder = await temporaryFolder();
    const size = ["--validators", "1", "--nodes", "2"];
    const demo = startDemo([...size, "--output", join(folder, "results.json")], {TMPDIR: folder});
    await untilLines(demo, /starting the roles/, 1);
    demo.process.kill("SIGHUP");
    demo.process.kill("SIGINT");
    expect(await demo.ended).toBe(130);
    expect(await isThere(join(folder, "results.json"))).toBe(false);
    expect(await readdir(folder)).toEqual([]);
    expect(await processesWith(`TMPDIR=${folder}`)).toEqual([]);
  });

  it("leaves no process and no key behind when it is killed", async () => {
    const folder = await temporaryFolder();
    const demo = startDemo(["--validators", "1", "--nodes", "2", "--keep", "--output", join(folder, "results.json")], {
      TMPDIR: folder,
    });
    await demo.line(/the console shows all of it/);
    expect((await processesWith(`TMPDIR=${folder}`)).length).toBeGreaterThan(4);
    demo.process.kill("SIGKILL");
    await expect.poll(() => processesWith(`TMPDIR=${folder}`), {timeout: 10_000}).toEqual([]);
    await expect
      .poll(async () => (await readdir(folder)).filter((name) => name !== "results.json"), {timeout: 10_000})
      .toEqual([]);
  });

  it("is interrupted while it makes its clusters without an error, and leaves nothing behind", async () => {
    const folder = await temporaryFolder();
    const demo = startDemo(["--validators", "20"], {TMPDIR: folder});
    await expect.poll(() => readdir(folder, {recursive: true})).toContainEqual(expect.stringContaining("validator_keys"));
    demo.process.kill("SIGINT");
    expect(await demo.ended).toBe(130);
    expect(demo.output()).not.toMatch(/^dvt:|Error/m);
    expect(await readdir(folder)).toEqual([]);
  });
});

/** What still runs with this in its environment. */
async function processesWith(variable: string): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^[0-9]+$/.test(name));
  const environments = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/environ`, "utf8").catch(() => "")));
  return pids.filter((_, position) => environments[position]?.split("\0").includes(variable));
}
