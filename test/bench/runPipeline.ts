import {mkdir} from "node:fs/promises";
import {DvtError} from "../../src/errors.js";
import {userPath} from "../../src/runtime/userPath.js";
import {benchCommand, measureAndTell, type RunOptions, runCommand, wholeNumber} from "./benchCommand.js";
import type {Run} from "./figures.js";
import {measurePipeline, type PipelineOptions, warmUps} from "./measurePipeline.js";
import {toRun} from "./runFile.js";
import {withShutdown} from "./withShutdown.js";

type Options = RunOptions & PipelineOptions;

const benchmark = "pipeline";

function check({sidecars, threshold, oracles, oracleThreshold, singles}: PipelineOptions): void {
  const problems = [
    ...(threshold > sidecars ? [`--threshold ${threshold} is more than --sidecars ${sidecars}`] : []),
    ...(oracleThreshold > oracles ? [`--oracle-threshold ${oracleThreshold} is more than --oracles ${oracles}`] : []),
    ...(singles > 0 && singles <= warmUps ? [`--singles ${singles}: the first ${warmUps} do not count, so more, or 0`] : []),
  ];
  if (problems.length > 0) throw new DvtError("USAGE", problems.join("\n"));
}

async function measure({json: _json, compare: _compare, ...options}: Options): Promise<Run> {
  check(options);
  const profile = options.profile === undefined ? undefined : userPath(options.profile, process.env);
  if (profile !== undefined) await mkdir(profile, {recursive: true});
  const measured = await withShutdown((context) =>
    measurePipeline({...options, ...(profile !== undefined && {profile})}, context),
  );
  if (measured.profiles.length > 0) process.stdout.write(`${measured.profiles.join("\n")}\n`);
  return toRun(benchmark, {...options, database: measured.database}, measured.figures);
}

const command = benchCommand("bench:pipeline", "Times the whole system, every role a process of its own, on servers of its own.")
  .option("--validators <n>", "how many exits a round asks for", wholeNumber(1, 100_000), 1000)
  .option("--sidecars <n>", "nodes of the cluster, each with a sidecar", wholeNumber(2, 100), 4)
  .option("--threshold <n>", "how many of them have to sign", wholeNumber(1, 100), 3)
  .option("--oracles <n>", "how many oracles get a shard", wholeNumber(1, 256), 11)
  .option("--oracle-threshold <n>", "how many of them recover an exit", wholeNumber(1, 256), 6)
  .option("--aggregators <n>", "aggregators side by side", wholeNumber(1, 16), 1)
  .option("--relayers <n>", "relayers side by side", wholeNumber(1, 16), 1)
  .option("--rounds <n>", "how many times all exits are asked for, each time for other indexes", wholeNumber(1), 3)
  .option("--singles <n>", `how many exits are asked for one by one; the first ${warmUps} do not count`, wholeNumber(0), 60)
  .option("--count", "count the commands to the database; the proxy for it takes time of its own", false)
  .option("--profile <folder>", "write what each process spent its time on, and tell the top of it; takes time of its own")
  .action((options: Options) => measureAndTell(benchmark, options, () => measure(options)));

await runCommand(command);
