import {once} from "node:events";
import {copyFile, mkdir, readdir, readFile, writeFile} from "node:fs/promises";
import {createServer} from "node:http";
import {dirname, join} from "node:path";
import {parseEnv} from "node:util";
import {expect, inject, onTestFinished} from "vitest";
import {readDepositData} from "../../src/client/depositData.js";
import {networks} from "../../src/consensus/networks.js";
import {loadOracleSet} from "../../src/oracles/oracleSet.js";
import {checkResults} from "../../src/sandbox/checkResults.js";
import {type Child, startChild} from "../../src/sandbox/childProcess.js";
import {startDvt, startRole} from "../../src/sandbox/dvtProcess.js";
import {keystoresOf, writeCluster} from "../../src/sandbox/makeCluster.js";
import {writeOracles} from "../../src/sandbox/writeOracles.js";
import {patience} from "./patience.js";
import {temporaryFolder} from "./servers.js";
import {startUnit} from "./units.js";

/** The files of a centre that `dvt init` needs, and those of the nodes: cluster alpha, of which 2 of 3 nodes sign. */
export async function writeUnitFiles(validators: number) {
  const root = await temporaryFolder();
  const oraclesFile = join(root, "oracles.json");
  const oracleKeys = await writeOracles(oraclesFile, {count: 5, threshold: 3});
  const size = {validators, nodes: 3, threshold: 2, keystoreRounds: 2};
  const {clusterLock, keystoresTemplate, depositData} = await writeCluster(join(root, "cluster"), networks.hoodi, size);
  const nodeFilesOf = (node: number): string => dirname(keystoresOf(keystoresTemplate, node));
  for (const node of [0, 1, 2]) await copyFile(clusterLock, join(nodeFilesOf(node), "cluster-lock.json"));
  const files = {root, oraclesFile, clusterLock, depositData, nodeFilesOf};
  return {
    ...files,
    /** The operator asks for these validators, and gets results that the oracles accept; the text of its results file. */
    async expectExits(folder: string, [first, count]: Range): Promise<string> {
      const operator = await requestExits(folder, files, [first, count]);
      expect(await operator.ended, operator.output()).toBe(0);
      const publicKeys = await readDepositData(operator.depositData, networks.hoodi);
      const validators = publicKeys.map((publicKey, place) => ({publicKey, validatorIndex: 1000 + first + place}));
      await checkResults(
        operator.results,
        {network: networks.hoodi, oracleSet: await loadOracleSet(oraclesFile), validators},
        oracleKeys,
      );
      return readFile(operator.results, "utf8");
    },
  };
}
export type UnitFiles = {root: string; depositData: string; nodeFilesOf(node: number): string};
/** The first of some validators of the deposit data, and how many. */
type Range = readonly [number, number];

/** Has everything in the folder use what the test has in the place of the machine's own: its state, its database, a monitor's port. */
export async function moveIn(folder: string, {state, mongoUrl}: {state: string; mongoUrl: string}) {
  const entries = await readdir(folder, {withFileTypes: true, recursive: true});
  const paths = entries
    .filter((it) => it.isFile() && /\.(env|conf|service)$/.test(it.name))
    .map((it) => join(it.parentPath, it.name));
  for (const path of paths) {
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replaceAll("/var/lib/", `${state}/`));
  }
  for (const role of ["relayer", "aggregator"]) {
    await writeFile(join(folder, role, "mongodb.url"), mongoUrl);
    await mkdir(join(state, "dvt", role), {recursive: true});
  }
  await mkdir(join(state, "nats"), {recursive: true});
}

/** Declares the streams as its unit does. */
export async function runUnitStreams(folder: string, env: Readonly<Record<string, string>> = {}): Promise<void> {
  const child = await startUnit(join(folder, "systemd", "dvt-streams.service"), {env});
  expect(await child.ended, child.output()).toBe(0);
}

/** The role as its unit starts it. It ends with the test. */
export async function startUnitRole(folder: string, role: string): Promise<Child> {
  const env = {STATUS_PORT: "0", RELOAD_EVERY: "500ms", REISSUE_AFTER: "2s", LOG_FORMAT: "json"};
  const child = await startUnit(join(folder, "systemd", `dvt-${role}.service`), {env});
  await child.line(new RegExp(`${role} started`));
  return child;
}

/** nats-server with this configuration; it ends with the test. */
export async function startUnitNats(configFile: string): Promise<Child> {
  const server = startChild(inject("natsServer"), ["-c", configFile], {name: "nats-server"});
  onTestFinished(async () => {
    server.process.kill("SIGKILL");
    await server.ended;
  });
  await server.line(/Server is ready/);
  return server;
}

/** What the address of this child's status port answers. */
export async function readyzOf(child: Child): Promise<string> {
  const [, port] = await child.line(/"port":(\d+).*"msg":"status port open"/);
  return (await fetch(`http://127.0.0.1:${port}/readyz`)).text();
}

/** A node joins with the invitation that a command printed for it. */
export async function joinNode(node: number, {root, nodeFilesOf}: UnitFiles, invited: string) {
  const [, invitation = ""] = new RegExp(`^sidecar-alpha-${node + 1}: (.*)$`, "m").exec(invited) ?? [];
  const folder = join(root, `node-${node}`);
  const joining = startDvt(["join", invitation, "--folder", folder, "--keystores", nodeFilesOf(node)], {});
  onTestFinished(joining.stop);
  expect(await joining.ended, joining.output()).toBe(0);
  const env = parseEnv(await readFile(join(folder, "sidecar.env"), "utf8")) as Record<string, string>;
  return {
    env,
    start: (): Promise<Child> =>
      startRole("sidecar", {...env, RELOAD_EVERY: "500ms", STATUS_PORT: "0", LOG_FORMAT: "json"}, {onStop: onTestFinished}),
  };
}

/** The operator of the folder asks for these validators of the deposit data, the first of which is to have the index 1000. */
export async function requestExits(
  folder: string,
  {root, depositData}: UnitFiles,
  [first, count]: Range,
  timeout: number = patience.requestSeconds,
) {
  const deposits = JSON.parse(await readFile(depositData, "utf8")) as unknown[];
  const own = join(root, `deposits-${first}.json`);
  await writeFile(own, JSON.stringify(deposits.slice(first, first + count)));
  const results = join(root, `results-${first}.json`);
  const env = parseEnv(await readFile(join(folder, "operator", "operator.env"), "utf8")) as Record<string, string>;
  const args = ["--deposit-data", own, "--start-index", String(1000 + first), "--output", results, "--timeout", String(timeout)];
  const child = startDvt(["operator", "request", ...args], {...env, RESEND_AFTER: "2s", LOG_FORMAT: "json"});
  onTestFinished(child.stop);
  return {...child, results, depositData: own};
}

/** A `systemctl` for documented commands: a script for a machine, and what it does there. */
export async function startSystemctl(act: (machine: string, verb: string, unit: string) => Promise<void>) {
  const server = createServer((request, response) => {
    const [, machine = "", verb = "", ...units] = decodeURIComponent(request.url ?? "").split("/");
    (async () => {
      for (const unit of units) await act(machine, verb, unit);
    })().then(
      () => response.end(),
      (error) => response.writeHead(500).end(String(error)),
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const {port} = server.address() as {port: number};
  return `exec curl -s --fail-with-body "http://127.0.0.1:${port}/\${MACHINE:-1}/$(echo "$*" | tr ' ' /)"`;
}
