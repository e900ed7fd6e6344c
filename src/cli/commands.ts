import type {Command} from "commander";
import {InvalidArgumentError} from "commander";
import type {TObject} from "typebox";
import {
  ClustersMoveEnv,
  ClustersShowEnv,
  DeadLettersEnv,
  DeadLettersRetryEnv,
  NatsConfigEnv,
  StreamsEnv,
} from "./env/administratorEnv.js";
import {AggregatorEnv} from "./env/aggregatorEnv.js";
import {DemoEnv} from "./env/demoEnv.js";
import {describeEnv} from "./env/describeEnv.js";
import {GatewayEnv} from "./env/gatewayEnv.js";
import {KeysCheckEnv} from "./env/keyShareEnv.js";
import {OperatorEnv} from "./env/operatorEnv.js";
import {RelayerEnv} from "./env/relayerEnv.js";
import {SidecarEnv} from "./env/sidecarEnv.js";

const wholeNumber =
  (least: number) =>
  (text: string): number => {
    if (!/^[0-9]{1,16}$/.test(text) || Number(text) < least || !Number.isSafeInteger(Number(text))) {
      throw new InvalidArgumentError(`It is a whole number from ${least} on.`);
    }
    return Number(text);
  };

const severalNumbers = (text: string, before: readonly number[] = []): number[] => [...before, wholeNumber(1)(text)];

/** As charon calls it. */
const noVerify = ["--no-verify", "take cluster definitions without asking for their hashes and signatures"] as const;

/** The command line. Each command's code is loaded when it is called: importing every library takes half a second. */
export function addCommands(program: Command, setExitCode: (code: number) => void): void {
  const add = (parent: Command, name: string, description: string, env?: TObject): Command => {
    const command = parent.command(name).description(description);
    return env ? command.addHelpText("after", () => describeEnv(env)) : command;
  };

  add(
    program,
    "relayer",
    "Takes batches from operators and asks the clusters' sidecars for exits. Runs until stopped.",
    RelayerEnv,
  )
    .option(...noVerify)
    .action(async (options) => (await import("./runRelayer.js")).runRelayer(options, process.env));
  add(program, "sidecar", "Signs its cluster's exit requests with one node's key shares. Runs until stopped.", SidecarEnv)
    .option(...noVerify)
    .action(async (options) => (await import("./sidecar/runSidecar.js")).runSidecar(options, process.env));
  add(
    program,
    "aggregator",
    "Verifies shares, recovers exits, splits and encrypts them to the oracles. Runs until stopped.",
    AggregatorEnv,
  )
    .option(...noVerify)
    .action(async (options) => (await import("./runAggregator.js")).runAggregator(options, process.env));

  add(
    program,
    "gateway",
    "Answers StakeWise's operators and sidecars over HTTP, and speaks for them on the bus. Runs until stopped.",
    GatewayEnv,
  )
    .option(...noVerify)
    .action(async (options) => (await import("./gateway/runGateway.js")).runGateway(options, process.env));

  const operator = add(program, "operator", "What an operator asks for.");
  add(
    operator,
    "request",
    "Asks for the exits of a deposit data file's validators and awaits them.\nExit status: 0 all completed, 2 some were rejected, 75 some are still missing.",
    OperatorEnv,
  )
    .requiredOption("--deposit-data <file>", "deposit_data.json: whose exits are asked for")
    .option(
      "--start-index <n>",
      "validator index that the first of them will get; the next gets the next (default: the chain's next)",
      wholeNumber(0),
    )
    .option("--deposits", "have the deposits of the file signed too: its vaults, amounts and types")
    .option("--output <file>", "where the results go (default: standard output)")
    .option("--timeout <seconds>", "how long to wait", wholeNumber(1), 600)
    .action(async (options) =>
      setExitCode(await (await import("./operator/operatorRequest.js")).runOperatorRequest(options, process.env)),
    );

  const streams = add(program, "streams", "The streams and consumers on NATS.");
  add(streams, "apply", "Makes or updates streams and durable consumers as participants.json wants them.", StreamsEnv)
    .option("--dry-run", "only show the difference")
    .option("--force", "apply a change even if it loses stored messages")
    .action(async (options) => (await import("./administrator/streamsApply.js")).runStreamsApply(options, process.env));

  const nats = add(program, "nats", "The NATS server's accounts.");
  add(nats, "config", "Writes the accounts file that nats.conf includes, made from participants.json.", NatsConfigEnv)
    .option("--output <file>", "where it goes (default: standard output)")
    .action(async (options) => (await import("./administrator/natsConfig.js")).runNatsConfig(options, process.env));
  add(nats, "reload", "Puts a changed participants.json into force: writes the accounts, checks, reloads.", NatsConfigEnv)
    .option("--config <file>", "the server's configuration", "nats.conf")
    .option("--accounts <file>", "the accounts file that it includes", "accounts.conf")
    .requiredOption("--pid-file <file>", "the running server's pid file (pid_file in its configuration)")
    .action(async (options) => (await import("./administrator/natsReload.js")).runNatsReload(options, process.env));

  const deadLetters = add(program, "dead-letters", "What the roles gave up.");
  const addForLetters = (name: string, description: string, env: TObject): Command =>
    add(deadLetters, name, description, env)
      .option("--stream <name>", "only those of messages of this stream")
      .option("--code <code>", "only those with this code")
      .option("--seq <n>", "only the one with this number; may be given several times", severalNumbers);
  addForLetters("list", "Shows them, oldest first.", DeadLettersEnv)
    .option("--json", "one JSON object for each line")
    .action(async (options) => (await import("./administrator/deadLetters.js")).runDeadLettersList(options, process.env));
  addForLetters(
    "retry",
    "Has the relayer ask again for the exits that they are about, and takes them away.\nExit status: 0 all retried, 2 some cannot be retried; those stay.",
    DeadLettersRetryEnv,
  ).action(async (options) =>
    setExitCode(await (await import("./administrator/deadLetters.js")).runDeadLettersRetry(options, process.env)),
  );
  addForLetters("drop", "Takes them away.", DeadLettersEnv)
    .option("--all", "every one")
    .action(async (options) => (await import("./administrator/deadLetters.js")).runDeadLettersDrop(options, process.env));

  const clusters = add(program, "clusters", "Cluster definitions, and whose validators are.");
  add(
    clusters,
    "show",
    "Shows what a cluster definition says, or why it is refused: keys shortened for people, whole with --json.",
    ClustersShowEnv,
  )
    .argument("<file>", "cluster-lock.json, or another cluster definition")
    .option("--json", "one JSON object")
    .option("--no-verify", "show it even if its own hashes and signature do not hold")
    .action(async (file, options) =>
      (await import("./administrator/clustersShow.js")).runClustersShow(file, options, process.env),
    );

  add(
    clusters,
    "move",
    "Says which cluster validators belong to, whichever had them first: roles that run take it at their next look.",
    ClustersMoveEnv,
  )
    .argument("[public_keys...]", "whose cluster it is to be from now on")
    .requiredOption("--to <cluster_id>", "a cluster of participants.json")
    .option("--from <cluster_id>", "in place of public keys: all that this cluster has, such as one that got another id")
    .action(async (publicKeys, options) =>
      (await import("./administrator/clustersMove.js")).runClustersMove(publicKeys, options, process.env),
    );

  const keys = add(program, "keys", "Keys of the system.");
  add(keys, "new", "Makes a participant's nkey seed file (mode 0600) and prints its public nkey for participants.json.")
    .requiredOption("--output <file>", "where the seed goes; it is never overwritten")
    .action(async (options) => (await import("./administrator/keysNew.js")).runKeysNew(options, process.env));
  add(keys, "aggregator", "Makes the aggregator's key file (mode 0600) and prints its public key for participants.json.")
    .requiredOption("--output <file>", "where the private key goes; it is never overwritten")
    .action(async (options) => (await import("./administrator/keysAggregator.js")).runKeysAggregator(options, process.env));
  add(
    keys,
    "check",
    "Opens the key shares as `dvt sidecar` would with this environment, and says of each validator whether it can sign.\nExit status: 0 it can for all, 2 some are missing or cannot be used.",
    KeysCheckEnv,
  )
    .option("--json", "one JSON object")
    .option(...noVerify)
    .action(async (options) => setExitCode(await (await import("./sidecar/keysCheck.js")).runKeysCheck(options, process.env)));

  add(
    program,
    "demo",
    "Runs the whole system on this machine, with a cluster and oracles of its own or yours, and checks what comes out.",
    DemoEnv,
  )
    .option("--network <name>", "mainnet, hoodi or gnosis", "hoodi")
    .option("--cluster-type <types>", "OBOL, SSV, or OBOL,SSV for a cluster of each", "OBOL")
    .option("--validators <n>", "validators of each generated cluster", wholeNumber(1), 5)
    .option("--nodes <n>", "its nodes; 4, 7, 10 or 13 for SSV", wholeNumber(2), 4)
    .option("--threshold <n>", "how many of them sign (default: two thirds, rounded up)", wholeNumber(2))
    .option("--oracle-count <n>", "generated oracles", wholeNumber(1), 11)
    .option("--oracle-threshold <n>", "how many of them recover an exit", wholeNumber(1), 6)
    .option("--start-index <n>", "validator index of the first", wholeNumber(0), 1000)
    .option("--cluster-lock <file>", "your cluster-lock.json, with --keystores and --deposit-data")
    .option("--keystores <template>", "its keystores, such as 'DIR/node{node_index}/validator_keys'")
    .option("--deposit-data <file>", "its deposit_data.json")
    .option(...noVerify)
    .option("--oracles <file>", "your oracles config: public key shards are checked, nothing is decrypted")
    .option("--output <file>", "where the results go", "demo-results.json")
    .option(
      "--sidecars <n>",
      "how many sidecars of each cluster it runs; the others are yours, on the bus or over HTTP (default: all)",
      wholeNumber(0),
    )
    .option(
      "--http-port <port>",
      "has a gateway listen there on 127.0.0.1, for StakeWise's operator and sidecars; 0: any port",
      wholeNumber(0),
    )
    .option("--keep", "stays up after that, until Ctrl+C", false)
    .action(async (options) => (await import("./demo/runDemoCommand.js")).runDemoCommand(options, process.env));
}
