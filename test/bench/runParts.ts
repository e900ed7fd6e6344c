import {DvtError} from "../../src/errors.js";
import {benchCommand, measureAndTell, type RunOptions, runCommand, wholeNumber} from "./benchCommand.js";
import {type Run, toFigure, withSign} from "./figures.js";
import {parts, signPart} from "./parts.js";
import {toRun} from "./runFile.js";
import {makeReady, timeParts} from "./timeParts.js";

type Options = RunOptions & {only: string[]; rounds: number; milliseconds: number};

const benchmark = "parts";

/** All parts in turn, round after round: what slows the machine for a while slows each of them, and `sign` too. */
async function measure({only, rounds, milliseconds}: Options): Promise<Run> {
  const chosen = parts.filter(
    (part) => part !== signPart && (only.length === 0 || only.some((name) => part.name.includes(name))),
  );
  if (chosen.length === 0 && !only.some((name) => signPart.name.includes(name))) {
    throw new DvtError(
      "USAGE",
      `no part has ${only.join(" or ")} in its name; they are: ${parts.map(({name}) => name).join(", ")}`,
    );
  }
  const ready = [signPart, ...chosen].map(makeReady);
  const times: number[][] = [];
  for (let round = 1; round <= rounds; round++) {
    process.stderr.write(`• round ${round} of ${rounds}\n`);
    times.push(await timeParts(ready, milliseconds));
  }
  const timesOf = (position: number): number[] => times.map((round) => round[position] as number);
  const figures = ready.map(({name}, position) => withSign(toFigure(name, "µs", timesOf(position)), timesOf(0)));
  return toRun(benchmark, {only, rounds, milliseconds}, figures);
}

const command = benchCommand("bench", "Times the parts of the work: microseconds of one operation, over several rounds.")
  .option(
    "--only <name>",
    "only parts with this in their name; again for several",
    (name: string, before: string[]) => [...before, name],
    [],
  )
  .option("--rounds <n>", "how many times each part is timed", wholeNumber(1), 5)
  .option("--milliseconds <n>", "how long each part is timed in a round", wholeNumber(1), 150)
  .action((options: Options) => measureAndTell(benchmark, options, () => measure(options)));

await runCommand(command);
