import {InvalidArgumentError} from "commander";
import {benchCommand, measureAndTell, type RunOptions, runCommand, wholeNumber} from "./benchCommand.js";
import {measureMoves} from "./registration/measureMoves.js";
import {measureRegistration} from "./registration/measureRegistration.js";
import {toRun} from "./runFile.js";
import {withShutdown} from "./withShutdown.js";

type Options = RunOptions & {
  validators: number[];
  oracles: number;
  threshold: number;
  waitMs: number;
  rounds: number;
  gateway: boolean;
};

const benchmark = "registration";

const numbers = (text: string): number[] => {
  const found = text.split(",").map(wholeNumber(1, 200));
  if (found.length === 0) throw new InvalidArgumentError("It is a list of whole numbers.");
  return found;
};

const command = benchCommand(
  "bench:registration",
  "Times a registration from reading the deposit root until a node has the transaction: nobody else may deposit meanwhile. The exits are there already.",
)
  .option("--validators <list>", "how many at once, separated by commas", numbers, [1, 10, 50])
  .option("--oracles <n>", "oracles, in a process of their own", wholeNumber(1, 100), 11)
  .option("--threshold <n>", "how many have to sign", wholeNumber(1, 100), 6)
  .option("--wait-ms <n>", "how long each waits before it answers", wholeNumber(0, 10_000), 300)
  .option("--rounds <n>", "how many registrations of each size", wholeNumber(1), 5)
  .option(
    "--gateway",
    "time a gateway's answer after somebody else's deposit instead, with relayer, aggregator and sidecars",
    false,
  )
  .action(({validators, oracles, threshold, waitMs, rounds, gateway, ...options}: Options) =>
    measureAndTell(gateway ? `${benchmark}-gateway` : benchmark, options, async () => {
      const asked = {validators, oracles, threshold, waitMs, rounds};
      const figures = await withShutdown((context) => (gateway ? measureMoves : measureRegistration)(asked, context));
      return toRun(gateway ? `${benchmark}-gateway` : benchmark, {...asked, validators: validators.join("/")}, figures);
    }),
  );

await runCommand(command);
