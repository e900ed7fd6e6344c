import type {Receipts} from "../../client/receipts.js";
import {type ExitId, exitKeyOf} from "../../exits/exitId.js";
import type {Logger} from "../../runtime/logger.js";

/** Tells the log and the relayer which results an operator is given: each exit once for an oracle set, however often it polls. */
export type TellServed = (operatorId: string, exits: readonly ExitId[], oraclesConfigHash: string) => void;

export function createTellServed(receiptsOf: (operatorId: string) => Receipts | undefined, logger: Logger): TellServed {
  return (operatorId, exits, oraclesConfigHash) => {
    const fresh = exits.filter((exit) => receiptsOf(operatorId)?.add(exit, oraclesConfigHash));
    if (fresh.length > 0) logger.info({operator_id: operatorId, exits: fresh.map(exitKeyOf)}, "results served");
  };
}
