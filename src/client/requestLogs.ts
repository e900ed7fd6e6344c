import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import type {Logger} from "../runtime/logger.js";
import {createThrottledLog, type ThrottledLog} from "../runtime/throttledLog.js";
import type {OnProgress} from "./outcome.js";

type Answered = {readonly batch: string | undefined; readonly exit: string};

/** The log lines about a request's exits. */
export type RequestLogs = {
  asked(batchId: string, exits: readonly ExitId[]): void;
  progressed: OnProgress;
  readonly forOtherSet: ThrottledLog<{oracles_config_hash: string; exit: string}>;
  /** Logs what is still pending. */
  stop(): void;
};

/** Completions come one by one: each line has those of a second. */
export function createRequestLogs(logger: Logger): RequestLogs {
  const batchOf = new Map<string, string>();
  const received = createThrottledLog<Answered>(logger, "results received");
  const rejected = createThrottledLog<Answered & {readonly code: string | undefined}>(logger, "exits rejected");
  const forOtherSet: RequestLogs["forOtherSet"] = createThrottledLog(
    logger,
    "results are for another oracle set, still waiting for those for the current one",
  );
  return {
    asked(batchId, exits) {
      const keys = exits.map(exitKeyOf);
      for (const key of keys) batchOf.set(key, batchId);
      logger.info({batch: batchId, exits: keys}, "exits asked for");
    },
    progressed({exit, completed, code}) {
      if (!exit) return;
      const key = exitKeyOf(exit);
      const answered = {batch: batchOf.get(key), exit: key};
      if (completed) received.add(answered);
      else rejected.add({...answered, code});
    },
    forOtherSet,
    stop() {
      for (const log of [received, rejected, forOtherSet]) log.stop();
    },
  };
}
