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
  .option("--clusters <n>", "clusters that relayer and aggregator load; the sidecar has the first", wholeNumber(1, 1000), 1)
  .option("--validators <n>", "validators of each; the exits of the first are open", wholeNumber(1, 100_000), 1000)
  .option(
    "--exits <n>",
    "exits that are answered and stored, besides; the embedded database takes minutes for 100,000",
    wholeNumber(0),
    10_000,
  )
  .option("--rounds <n>", "how many times each role is started", wholeNumber(1), 5)
  .action(({clusters, validators, exits, rounds, ...options}: Options) =>
    measureAndTell(benchmark, options, async () => {
      const asked = {clusters, validators, exits, rounds};
      const {figures, database} = await withShutdown((context) => measureStart(asked, context));
      return toRun(benchmark, {...asked, database}, figures);
    }),
  );

await runCommand(command);
