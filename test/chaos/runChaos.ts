import {mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {Command} from "commander";
import {findServers} from "../../src/sandbox/servers/findServers.js";
import type {MongoLauncher} from "../../src/sandbox/servers/mongoServer.js";
import {runCommand, wholeNumber} from "../bench/benchCommand.js";
import {withShutdown} from "../bench/withShutdown.js";
import {type Campaign, runCampaign} from "./runCampaign.js";

type Options = {seed: number; seconds: number; cluster: boolean; logs: string};

async function run({seed, seconds, cluster, logs}: Options): Promise<void> {
  const campaign = await withShutdown(async ({shutdown, announce}) => {
    const servers = await findServers({nats: true, mongo: true}, announce);
    return runCampaign(
      {seed, seconds, cluster, natsServer: servers.natsServer as string, mongo: servers.mongo as MongoLauncher},
      {shutdown, announce},
    );
  });
  const {findings, faults, requests, told, restarts} = campaign;
  process.stdout.write(
    `seed ${seed}: ${faults} faults, ${requests} requests, ${told} results told, ${restarts} restarts by the supervisor\n`,
  );
  if (findings.length === 0) return void process.stdout.write("no exit was lost, doubled or wrong, and nothing is stuck\n");
  process.stdout.write(`${findings.length} findings:\n${findings.map((finding) => `- ${finding}\n`).join("")}`);
  process.stdout.write(`what every process printed: ${await writeLogs(campaign, join(logs, `seed-${seed}`))}\n`);
  process.exitCode = 1;
}

async function writeLogs({logs}: Campaign, folder: string): Promise<string> {
  await mkdir(folder, {recursive: true});
  for (const [name, text] of logs) await writeFile(join(folder, `${name}.log`), text);
  return folder;
}

const command = new Command("chaos")
  .description(
    "Runs the whole system while processes, connections, servers, files and clocks fail, then checks that nothing was lost.",
  )
  .option(
    "--seed <n>",
    "chooses what fails when; the same seed, the same faults",
    wholeNumber(0, 2 ** 31),
    Date.now() % 1_000_000,
  )
  .option("--seconds <n>", "how long things fail", wholeNumber(5, 86_400), 60)
  .option("--cluster", "three NATS servers, which are also parted from each other", false)
  .option("--logs <folder>", "where to write what every process printed, when something does not hold", "bench-results/chaos")
  .exitOverride()
  .showHelpAfterError("(--help tells more)")
  .action(run);

await runCommand(command);
