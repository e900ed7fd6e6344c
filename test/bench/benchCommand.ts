import {Command, CommanderError, InvalidArgumentError} from "commander";
import {DvtError, exitCodeOf} from "../../src/errors.js";
import {describeRun} from "./describeRun.js";
import type {Run} from "./figures.js";
import {readRuns, writeRun} from "./runFile.js";
import {Interrupted} from "./withShutdown.js";

export type RunOptions = {json?: string; compare: string[]};

/** A command with what all benchmarks share: --json and --compare. */
export const benchCommand = (name: string, description: string): Command =>
  new Command(name)
    .description(description)
    .option("--json <file>", "write the figures here (default: a new file in bench-results)")
    .option(
      "--compare <file>",
      "show the change against this earlier run; again for several, whose rounds count together",
      (file: string, before: string[]) => [...before, file],
      [],
    )
    .exitOverride()
    .showHelpAfterError("(--help tells more)");

export const wholeNumber =
  (least: number, most = 1_000_000) =>
  (text: string): number => {
    const number = Number(text);
    if (!/^[0-9]{1,16}$/.test(text) || number < least || number > most) {
      throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`);
    }
    return number;
  };

/** Reads the earlier runs first: a file that is not there is told before the long wait, not after it. */
export async function measureAndTell(benchmark: string, {json, compare}: RunOptions, measure: () => Promise<Run>): Promise<void> {
  const earlier = await readRuns(compare, benchmark);
  const run = await measure();
  process.stdout.write(`${describeRun(run, earlier)}\n`);
  process.stdout.write(`written to ${await writeRun(run, json)}\n`);
}

/** Runs the command to its end and ends the process, as `dvt` does. */
export async function runCommand(command: Command): Promise<never> {
  try {
    await command.parseAsync();
  } catch (error) {
    process.exitCode = report(error);
  }
  process.exit();
}

function report(error: unknown): number {
  if (error instanceof Interrupted) return 130;
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 64;
  const text = error instanceof DvtError ? `${error.message} [${error.code}]` : ((error as Error).stack ?? String(error));
  process.stderr.write(`bench: ${text}\n`);
  return exitCodeOf(error);
}
