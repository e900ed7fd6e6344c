import {chmod, cp, mkdir, readFile, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {readDepositData} from "../../src/client/depositData.js";
import {networks} from "../../src/consensus/networks.js";
import {DvtError} from "../../src/errors.js";
import {loadOracleSet} from "../../src/oracles/oracleSet.js";
import {checkResults} from "../../src/sandbox/checkResults.js";
import type {Child} from "../../src/sandbox/childProcess.js";
import {keystoresOf, writeCluster} from "../../src/sandbox/makeCluster.js";
import {ssvOperatorIds, writeSsvCluster} from "../../src/sandbox/makeSsvCluster.js";
import {writeOracles} from "../../src/sandbox/writeOracles.js";
import {type CreateMachine, finished, type Machine} from "./machines.js";
import {createPerson, type Person, type Seen} from "./person.js";
import {startCentre} from "./startCentre.js";

const network = networks.hoodi;
const port = 4222;

export type Kind = "OBOL" | "SSV";

/** What one way of setting up took. */
export type Proof = {
  readonly name: string;
  readonly seconds: number;
  readonly centreCommands: number;
  /** The most on any node. */
  readonly nodeCommands: number;
  readonly pasted: readonly string[];
};

export type Given = {
  readonly createMachine: CreateMachine;
  readonly folder: string;
  /** Starts a database on this machine, and returns its URL. */
  startMongo(machine: Machine): Promise<string>;
  announce(step: string): void;
};

/** From nothing to the first complete exit: a centre, four nodes and an operator, each on its own machine. */
export async function proveFromNothing(kind: Kind, given: Given): Promise<Proof> {
  const all = [0, 1, 2, 3];
  const system = await createSystem(kind, given);
  const began = performance.now();
  await system.begin();
  await system.invite(all, [["dvt", "invite", "--all"]]);
  await system.requestExit(0);
  return system.proof(`${kind === "OBOL" ? "Obol" : "SSV"}, 4 nodes`, began, all);
}

/** The fourth node of a cluster that runs with three, to the first exit that needs it. */
export async function proveLaterNode(given: Given): Promise<Proof> {
  const system = await createSystem("OBOL", given);
  await system.begin();
  const earlier = await system.invite(
    [0, 1, 2],
    [1, 2, 3].map((shareIndex) => ["dvt", "invite", "alpha", String(shareIndex)]),
  );
  await system.requestExit(0);
  const before = system.centreCommands();
  const began = performance.now();
  await system.invite([3], [["dvt", "invite", "alpha", "4"]]);
  // Three of four are needed: without this one, the new node's share counts.
  await earlier[0]?.stop();
  await system.requestExit(1);
  const proof = system.proof("Obol, a node later", began, [3]);
  return {...proof, centreCommands: proof.centreCommands - before};
}

async function createSystem(kind: Kind, {createMachine, folder: parent, startMongo, announce}: Given) {
  const seen: Seen = {printed: [], typed: new Set()};
  const folder = join(parent, kind.toLowerCase());
  await mkdir(folder, {recursive: true});
  const centre = await createMachine("centre");
  const nodes = [await createMachine("node-1"), await createMachine("node-2"), await createMachine("node-3")];
  nodes.push(await createMachine("node-4"));
  const operator = await createMachine("operator");
  const mongoUrl = await startMongo(centre);

  // What people have before: each node its key shares, the administrator the definition and the oracles, the operator its deposits.
  const {define, depositData, nodeFolder} = await writeFiles(kind, {folder, centre, nodes});
  const oracles = join(folder, "oracles.json");
  const oracleKeys = await writeOracles(oracles, {count: 11, threshold: 6});
  await cp(oracles, centre.path("/var/lib/dvt-setup/oracles.json"));

  const administrator = createPerson(centre, seen, "/var/lib/dvt-setup");
  const people = nodes.map((node) => createPerson(node, seen, nodeFolder));
  const asking = createPerson(operator, seen, "/var/lib");
  const sidecarOf = (node: number): string =>
    kind === "OBOL" ? `sidecar-alpha-${node + 1}` : `sidecar-beta-${ssvOperatorIds(nodes.length)[node]}`;

  const joinAndStart = async (node: number): Promise<Child> => {
    const person = people[node] as Person;
    const printed = await person.types("dvt", "join", "invitation.txt");
    const [start = ""] = printed.match(/^ {2}\(set -a; .* dvt sidecar\)$/m) ?? [];
    const sidecar = person.begins("sh", "-c", start.trim());
    await sidecar.line(/sidecar started/);
    return sidecar;
  };

  return {
    async begin() {
      announce("dvt init");
      const options = ["--network", network.name, ...define, "--operator", "acme", "--oracles", "oracles.json"];
      await administrator.types("dvt", "init", ...options, "--nats-url", `tls://${centre.address}:${port}`);
      administrator.counts();
      await startCentre(centre, mongoUrl);
      // The administrator hands the operator's folder over, as any file.
      for (const it of ["operator", "shared"]) await carry(centre, `/etc/dvt/${it}`, operator, `/etc/dvt/${it}`);
    },
    /** Invites these nodes; they join and start. */
    async invite(which: readonly number[], commands: readonly (readonly string[])[]): Promise<Child[]> {
      const printed: string[] = [];
      for (const words of commands) {
        announce(words.join(" "));
        printed.push(await administrator.types(...words));
      }
      for (const node of which) {
        const [, file] = new RegExp(`^${sidecarOf(node)}: (.*)$`, "m").exec(printed.join("\n")) ?? [];
        if (file === undefined)
          throw new DvtError("DEMO_FAILED", `no invitation of ${sidecarOf(node)} in:\n${printed.join("\n")}`);
        await carry(centre, file, nodes[node] as Machine, join(nodeFolder, "invitation.txt"));
      }
      announce(`dvt accept --auto --wait, and ${which.length} nodes join`);
      const accepting = administrator.begins("dvt", "accept", "--auto", "--wait");
      const [started] = await Promise.all([Promise.all(which.map(joinAndStart)), finished(accepting, "dvt accept")]);
      return started;
    },
    /** The operator asks for the exit of this validator of the deposit data, and gets one that the oracles accept. */
    async requestExit(place: number) {
      announce("dvt operator request");
      const deposits = JSON.parse(await readFile(depositData, "utf8")) as unknown[];
      const own = join(folder, `deposits-${place}.json`);
      await writeFile(own, JSON.stringify(deposits.slice(place, place + 1)));
      await cp(own, operator.path(`/var/lib/deposit_data.json`));
      const index = 1000 + place;
      const request = `dvt operator request --deposit-data deposit_data.json --start-index ${index} --output results-${index}.json`;
      await asking.types("sh", "-c", `set -a; . /etc/dvt/operator/operator.env; ${request}`);
      const validators = (await readDepositData(own, network)).map((publicKey) => ({publicKey, validatorIndex: index}));
      const oracleSet = await loadOracleSet(oracles);
      await checkResults(operator.path(`/var/lib/results-${index}.json`), {network, oracleSet, validators}, oracleKeys);
    },
    centreCommands: administrator.commands,
    proof(name: string, began: number, joined: readonly number[]): Proof {
      const all = [administrator, ...people, asking];
      return {
        name,
        seconds: (performance.now() - began) / 1000,
        centreCommands: administrator.commands(),
        nodeCommands: Math.max(...joined.map((node) => (people[node] as Person).commands())),
        pasted: all.flatMap((person) => person.pasted()),
      };
    },
  };
}

/** A file goes from one machine to another, as people send it. */
async function carry(from: Machine, path: string, to: Machine, place: string): Promise<void> {
  await mkdir(to.path(dirname(place)), {recursive: true});
  await cp(from.path(path), to.path(place), {recursive: true});
}

type Places = {folder: string; centre: Machine; nodes: readonly Machine[]};

/** A new cluster's files, each with whom it belongs to. */
async function writeFiles(kind: Kind, {folder, centre, nodes}: Places) {
  const [definition, nodeFolder] =
    kind === "OBOL" ? ["cluster-lock.json", "/var/lib/charon"] : ["keyshares.json", "/var/lib/ssv"];
  const made = kind === "OBOL" ? await writeObol(folder, nodes.length) : await writeSsv(folder, nodes.length);
  for (const [place, node] of nodes.entries()) {
    await mkdir(node.path(nodeFolder), {recursive: true, mode: 0o700});
    await cp(made.folderOf(place), node.path(nodeFolder), {recursive: true});
    await cp(made.file, node.path(join(nodeFolder, definition)));
    await chmod(node.path(nodeFolder), 0o700);
  }
  await mkdir(centre.path("/var/lib/dvt-setup"), {recursive: true});
  await cp(made.file, centre.path(join("/var/lib/dvt-setup", definition)));
  const define = kind === "OBOL" ? ["--cluster-lock", `alpha=${definition}`] : ["--ssv-keyshares", `beta=${definition}`];
  return {define, depositData: made.depositData, nodeFolder};
}

type Written = {file: string; depositData: string; folderOf(node: number): string};

async function writeObol(folder: string, nodes: number): Promise<Written> {
  const {clusterLock, keystoresTemplate, depositData} = await writeCluster(folder, network, {validators: 2, nodes, threshold: 3});
  return {file: clusterLock, depositData, folderOf: (node) => dirname(keystoresOf(keystoresTemplate, node))};
}

async function writeSsv(folder: string, nodes: number): Promise<Written> {
  const operatorIds = ssvOperatorIds(nodes);
  const {keyshares, depositData, folderOf} = await writeSsvCluster(folder, network, {validators: 2, operatorIds});
  return {file: keyshares, depositData, folderOf: (node) => folderOf(operatorIds[node] as number)};
}
