import {readDepositData, readDeposits} from "../../client/depositData.js";
import type {ExitsOutcome} from "../../client/outcome.js";
import {requestExits} from "../../client/requestExits.js";
import {toResultsFile} from "../../client/results.js";
import {readResults} from "../../client/resultsFile.js";
import {networks} from "../../consensus/networks.js";
import {DvtError} from "../../errors.js";
import {type ExitId, exitKeyOf} from "../../exits/exitId.js";
import type {OracleSet} from "../../oracles/oracleSet.js";
import {loadParticipants} from "../../participants/participants.js";
import {parseDurationMs} from "../../runtime/duration.js";
import {parseEnv} from "../../runtime/env.js";
import {assertWritable, writeFileAtomic} from "../../runtime/files.js";
import {createLogger} from "../../runtime/logger.js";
import {printable} from "../../runtime/printable.js";
import {createShutdown} from "../../runtime/shutdown.js";
import {untilStopped} from "../../runtime/untilStopped.js";
import {userPath} from "../../runtime/userPath.js";
import {withoutWaiting} from "../../runtime/waitFor.js";
import {OperatorEnv} from "../env/operatorEnv.js";
import {connectAs} from "../opening/connectAs.js";
import {openOracles, oraclesRules} from "../opening/openOracles.js";
import {knowsRegistry, openRegistry} from "../opening/openRegistry.js";
import {createProgress} from "../progress.js";
import {stopOnSignals} from "../stopOnSignals.js";
import {terminal} from "../terminal.js";
import {requestAtNextIndex} from "./requestAtNextIndex.js";

export type OperatorRequestOptions = {
  depositData: string;
  startIndex?: number;
  deposits?: boolean;
  output?: string;
  timeout: number;
};

const exitCodes = {completed: 0, rejected: 2, missing: 75} as const;

/** Runs `dvt operator request` and returns its exit status. */
export async function runOperatorRequest(options: OperatorRequestOptions, env: NodeJS.ProcessEnv): Promise<number> {
  const config = parseEnv(OperatorEnv, env, oraclesRules);
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
  const participants = await loadParticipants(userPath(config.PARTICIPANTS_FILE, env), network.name);
  const listed = participants.operators.find(({id}) => id === config.OPERATOR_ID);
  const logger = createLogger({role: "operator", level: config.LOG_LEVEL, format: config.LOG_FORMAT});
  const shutdown = createShutdown({onError: (error) => logger.error({error: String(error)}, "stop failed")});
  stopOnSignals(shutdown);
  const waits: number[] = [];
  const progress = createProgress("exits");
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
        participants,
        config,
        env,
        logger,
        waitFor: withoutWaiting,
      });
      shutdown.onStop(bus.close);
      return {oracles, registry, bus};
    };
    const opened = await untilStopped(shutdown.signal, open());
    if (!opened) {
      terminal.err("stopped before anything was requested\n");
      return exitCodes.missing;
    }
    const {oracles, registry, bus} = opened;
    const startedAt = performance.now();
    const request = (startIndex: number): Promise<ExitsOutcome> =>
      requestExits({
        bus,
        network,
        operatorId: config.OPERATOR_ID,
        aggregatorNkey: participants.aggregator.nkey,
        oracles,
        validators: validators.map((it, position) => ({...it, validatorIndex: startIndex + position})),
        timeoutMs: options.timeout * 1000,
        resendAfterMs: parseDurationMs(config.RESEND_AFTER),
        signal: shutdown.signal,
        logger,
        onProgress: ({answered, rejected, total, exit, completed}) => {
          if (exit && completed) waits.push(Math.round(performance.now() - startedAt));
          progress.show(answered, total, rejected > 0 ? `, ${rejected} of them rejected` : "");
        },
      });
    const publicKeys = validators.map(({publicKey}) => publicKey);
    const outcome = registry
      ? await requestAtNextIndex({publicKeys, registry, request, logger})
      : await request(options.startIndex as number);
    const before = output === undefined ? [] : await readResults(output, network.name);
    const results = toResultsFile(network.name, outcome.completed, before);
    if (output === undefined) terminal.out(results);
    else await writeFileAtomic(output, results);
    return report(outcome, waits, output === undefined ? terminal.err : terminal.out);
  } finally {
    await shutdown.stop();
  }
}

/** An upper bound for the size of a results file with this many entries. */
const bytesOf = (entries: number, {publicKeys}: OracleSet): number => entries * (1500 + 700 * publicKeys.length);

/** Writes a summary and returns the exit status. */
function report({completed, rejected, missing}: ExitsOutcome, waits: number[], write: (text: string) => void): number {
  const total = completed.length + rejected.length + missing.length;
  const median = waits.sort((a, b) => a - b)[Math.floor(waits.length / 2)];
  write(
    `${completed.length} of ${total} exits completed${median === undefined ? "" : `, median ${median} ms from request to completion`}\n`,
  );
  const list = (what: string, lines: string[]): void => {
    if (lines.length > 0) terminal.err(`${what}:\n${lines.map((line) => `  ${line}\n`).join("")}`);
  };
  list(
    "rejected",
    rejected.map(({exit, code, reason}) => `${named(exit)} ${code}: ${printable(reason)}`),
  );
  list("still missing (run the same command again to go on)", missing.map(named));
  if (rejected.length > 0) return exitCodes.rejected;
  return missing.length > 0 ? exitCodes.missing : exitCodes.completed;
}

const named = (exit: ExitId): string => exitKeyOf(exit);
