import {execFile} from "node:child_process";
import {mkdir, mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {delimiter, dirname, join} from "node:path";
import {promisify} from "node:util";
import {Command} from "commander";
import {DvtError} from "../../src/errors.js";
import {projectRoot} from "../../src/runtime/projectRoot.js";
import {findServers} from "../../src/sandbox/servers/findServers.js";
import type {MongoLauncher} from "../../src/sandbox/servers/mongoServer.js";
import {runCommand} from "../bench/benchCommand.js";
import {withShutdown} from "../bench/withShutdown.js";
import {createSwitch, type Machine, whyNoMachines} from "./machines.js";
import {type Given, type Proof, proveFromNothing, proveLaterNode} from "./prove.js";

const run = promisify(execFile);

/** What a person may have to do at most. */
const most = {centreCommands: 4, nodeCommands: 2};

const ways = [
  (given: Given) => proveFromNothing("OBOL", given),
  (given: Given) => proveFromNothing("SSV", given),
  (given: Given) => proveLaterNode(given),
];

async function prove(): Promise<void> {
  const reason = await whyNoMachines();
  if (reason !== undefined) {
    process.stdout.write(`skipped: this user may not make network namespaces and mounts here: ${reason}\n`);
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), "dvt-setup-"));
  const proofs: Proof[] = [];
  try {
    const path = await withShutdown(async ({announce}) => {
      const {natsServer} = await findServers({nats: true, mongo: true}, announce);
      announce("installing the package");
      return [await install(folder), dirname(natsServer as string), process.env["PATH"]].join(delimiter);
    });
    // One after the other: nothing of the one before is left.
    for (const [place, one] of ways.entries()) {
      const own = join(folder, `way-${place}`);
      await mkdir(own);
      const proof = await withShutdown(async ({shutdown, announce}) =>
        one({createMachine: await createSwitch(own, {shutdown, path}), folder: own, startMongo, announce}),
      );
      proofs.push(proof);
    }
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
  process.stdout.write(toTable(proofs));
  const missed = proofs.filter(
    (it) => it.centreCommands > most.centreCommands || it.nodeCommands > most.nodeCommands || it.pasted.length > 0,
  );
  if (missed.length > 0)
    throw new DvtError("DEMO_FAILED", `more to do than promised: ${missed.map(({name}) => name).join(", ")}`);
}

/** Installs the package as users do, and returns the folder of its command. */
async function install(folder: string): Promise<string> {
  const {stdout} = await run("node", ["scripts/package.mjs", folder], {cwd: projectRoot});
  const prefix = join(folder, "prefix");
  const options = ["--global", "--prefix", prefix, "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"];
  await run("npm", ["install", ...options, stdout.trim()], {cwd: folder});
  return join(prefix, "bin");
}

/** The database of the demo, on the machine's own loopback: this very program starts it there. */
async function startMongo(machine: Machine): Promise<string> {
  const folder = "/var/lib/dvt-database";
  const child = machine.start(process.execPath, [process.argv[1] as string, "--database", folder], {
    env: {HOME: process.env["HOME"] ?? "/root"},
  });
  const [, url = ""] = await child.line(/^database at (\S+)$/);
  return `${url}/dvt`;
}

async function serveDatabase(folder: string): Promise<void> {
  await withShutdown(async ({shutdown, announce}) => {
    const {mongo} = await findServers({nats: false, mongo: true}, announce);
    const server = await (mongo as MongoLauncher).start(folder);
    shutdown.onStop(server.stop);
    process.stdout.write(`database at ${server.url}\n`);
    await server.ended;
  });
}

function toTable(proofs: readonly Proof[]): string {
  const head = "| | commands at the centre | on a node | values pasted | seconds to the first exit |\n|---|---|---|---|---|\n";
  const rows = proofs.map(
    ({name, centreCommands, nodeCommands, pasted, seconds}) =>
      `| ${name} | ${centreCommands} | ${nodeCommands} | ${pasted.length === 0 ? "0" : pasted.join(", ")} | ${seconds.toFixed(1)} |\n`,
  );
  return head + rows.join("");
}

const command = new Command("prove:setup")
  .description("Sets up systems from the installed package on machines that are network namespaces, and counts what people do.")
  .option("--database <folder>", "only serves a database; this command starts itself so on a machine")
  .exitOverride()
  .showHelpAfterError("(--help tells more)")
  .action(({database}: {database?: string}) => (database === undefined ? prove() : serveDatabase(database)));

await runCommand(command);
