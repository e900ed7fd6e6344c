import type {Logger} from "../../runtime/logger.js";
import {createWaitLog, type WaitLog} from "../../runtime/waitLog.js";

/** The logs of what every poll finds again. */
export type PollLogs = ReturnType<typeof createPollLogs>;

export function createPollLogs(logger: Logger) {
  return {
    /** By exit_key. */
    exitsNotShown: createWaitLog(logger, {
      named: "exits",
      begins: "exits are not shown to sidecars",
      goesOn: "exits are still not shown to sidecars",
      ends: "no exit is kept from sidecars for this reason any more",
    }),
    /** By deposit_key. */
    depositsNotShown: createWaitLog(logger, {
      named: "deposits",
      begins: "deposits are not shown to sidecars",
      goesOn: "deposits are still not shown to sidecars",
      ends: "no deposit is kept from sidecars for this reason any more",
    }),
    /** By exit_key. */
    resultsNotServed: createWaitLog(logger, {
      named: "exits",
      begins: "stored results are not served",
      goesOn: "stored results are still not served",
      ends: "no stored result is kept from operators for this reason any more",
    }),
    /** By deposit_key. */
    signaturesNotServed: createWaitLog(logger, {
      named: "deposits",
      begins: "stored deposit signatures are not served",
      goesOn: "stored deposit signatures are still not served",
      ends: "no stored deposit signature is kept from operators for this reason any more",
    }),
    /** By exit_key. */
    notRegistered: createWaitLog(logger, {
      named: "exits",
      begins: "validators cannot be registered",
      goesOn: "validators still cannot be registered",
      ends: "no validator waits for this reason any more",
    }),
    /** By vault. */
    otherIndex: createWaitLog(logger, {
      begins: "the operator counts another next validator index than the registry",
      goesOn: "the operator still counts another next validator index than the registry",
      ends: "the operator counts the next validator index of the registry, or asks no more",
    }),
    /** By vault. */
    fewKeys: createWaitLog(logger, {
      begins: "fewer keys are left than the operator asks for",
      goesOn: "fewer keys are still left than the operator asks for",
      ends: "as many keys are left as the operator asks for, or it asks no more",
    }),
  } satisfies Record<string, WaitLog>;
}
