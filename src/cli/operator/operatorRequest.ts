import {readDepositData, readDeposits} from "../../client/depositData.js";
import {readResults} from "../../client/resultsFile.js";
import {networks} from "../../consensus/networks.js";
import {DvtError} from "../../errors.js";
import type {OracleSet} from "../../oracles/oracleSet.js";
import {loadParticipants} from "../../participants/participants.js";
import {parseDurationMs} from "../../runtime/duration.js";
import {parseEnv} from "../../runtime/env.js";
import {assertWritable} from "../../runtime/files.js";
import {createLogger} from "../../runtime/logger.js";
import {untilStopped} from "../../runtime/untilStopped.js";
import {userPath} from "../../runtime/userPath.js";
import {withoutWaiting} from "../../runtime/waitFor.js";
import {OperatorEnv} from "../env/operatorEnv.js";
import {connectAs} from "../opening/connectAs.js";
import {openOracles, oraclesRules} from "../opening/openOracles.js";
import {knowsRegistry, openRegistry} from "../opening/openRegistry.js";
import {openShutdown} from "../openShutdown.js";
import {terminal} from "../terminal.js";
import {requestAndReport, requestStatus} from "./requestAndReport.js";
import {takePublished} from "./takePublished.js";

export type OperatorRequestOptions = {
  depositData: string;
  startIndex?: number;
  deposits?: boolean;
  output?: string;
  json?: boolean;
  timeout: number;
};

/** Runs `dvt operator request` and returns its exit status. */
export async function runOperatorRequest(options: OperatorRequestOptions, env: NodeJS.ProcessEnv): Promise<number> {
  const config = parseEnv(OperatorEnv, env, oraclesRules);
  if (options.json && options.output === undefined) {
    throw new DvtError("USAGE", "operator request: --json prints the outcome to standard output; give --output for the results");
  }
  const network = networks[config.NETWORK];
  if (options.startIndex === undefined && !knowsRegistry(config)) {
    throw new DvtError(
      "USAGE",
      "operator request: the next validator index is unknown; give --start-index, or set CONSENSUS_ENDPOINT or EXECUTION_ENDPOINT",
    );
  }
  const path = userPath(options.depositData, env);
  const validators = options.deposits
    ? await readDeposits(path, network)
    : (await readDepositData(path, network)).map((publicKey) => ({publicKey}));
  const atFirst = await loadParticipants(userPath(config.PARTICIPANTS_FILE, env), network.name);
  const listed = atFirst.operators.find(({id}) => id === config.OPERATOR_ID);
  const logger = createLogger({
    role: "operator",
    level: config.LOG_LEVEL,
    format: config.LOG_FORMAT,
    write: terminal.log,
  });
  const shutdown = openShutdown(logger);
  try {
    const opening = {config, env, logger, shutdown, waitFor: withoutWaiting, firstRead: "waits"} as const;
    const output = options.output === undefined ? undefined : userPath(options.output, env);
    const open = async () => {
      const oracles = await openOracles(opening);
      if (output !== undefined) {
        const {length} = await readResults(output, network.name);
        await assertWritable(output, bytesOf(length + validators.length, oracles.current()));
      }
      const registry = options.startIndex === undefined ? await openRegistry(opening) : undefined;
      const bus = await connectAs(`operator-${config.OPERATOR_ID}`, listed?.nkey, {
        participants: atFirst,
        config,
        env,
        logger,
        waitFor: withoutWaiting,
      });
      shutdown.onStop(bus.close);
      const participants = await takePublished(bus, {config, env, logger});
      return {oracles, registry, bus, participants};
    };
    const opened = await untilStopped(shutdown.signal, open());
    if (!opened) {
      terminal.err("stopped before anything was requested\n");
      return requestStatus.missing;
    }
    const {participants, ...parts} = opened;
    const requested = requestAndReport({
      ...parts,
      network,
      operatorId: config.OPERATOR_ID,
      aggregatorNkey: participants.aggregator.nkey,
      validators,
      startIndex: options.startIndex,
      timeoutMs: options.timeout * 1000,
      resendAfterMs: parseDurationMs(config.RESEND_AFTER),
      signal: shutdown.signal,
      logger,
      output,
      json: options.json ?? false,
    });
    // The bus stays open until the relayer has said whose turn it is.
    shutdown.onStop(() => requested.catch(() => {}));
    return await requested;
  } finally {
    await shutdown.stop();
  }
}

/** An upper bound for the size of a results file with this many entries. */
const bytesOf = (entries: number, {publicKeys}: OracleSet): number => entries * (1500 + 700 * publicKeys.length);
