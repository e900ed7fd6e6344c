import {benchCommand, measureAndTell, type RunOptions, runCommand, wholeNumber} from "./benchCommand.js";
import {measureStart, type StartOptions} from "./measureStart.js";
import {toRun} from "./runFile.js";
import {withShutdown} from "./withShutdown.js";

type Options = RunOptions & StartOptions;

const benchmark = "start";

const command = benchCommand(
  "bench:start",
  "Times how long each role takes from its spawn until it takes messages, and until it handled the first.",
)
  .option("--validators <n>", "key shares of the sidecar, all of whose exits are open", wholeNumber(1, 100_000), 1000)
  .option("--exits <n>", "exits that are answered and stored, besides", wholeNumber(0), 100_000)
  .option("--rounds <n>", "how many times each role is started", wholeNumber(1), 5)
  .action(({validators, exits, rounds, ...options}: Options) =>
    measureAndTell(benchmark, options, async () => {
      const asked = {validators, exits, rounds};
      const {figures, database} = await withShutdown((context) => measureStart(asked, context));
      return toRun(benchmark, {...asked, database}, figures);
    }),
  );

await runCommand(command);
