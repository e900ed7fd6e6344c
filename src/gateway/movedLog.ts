import type {ExitId} from "../exits/exitId.js";
import type {Logger} from "../runtime/logger.js";
import type {Standing} from "./lookUp.js";

type Asked = {readonly exit: ExitId; readonly standing: Standing | undefined};

/** Tells of exits that are asked for again because somebody else got their index: once for each start, however often they are polled. */
export function createMovedLog(logger: Logger): (operatorId: string, start: number, asked: readonly Asked[]) => void {
  const told = new Map<string, number>();
  return (operatorId, start, asked) => {
    const before = asked.flatMap(({exit, standing}) =>
      standing && standing.exit.validatorIndex !== exit.validatorIndex ? [standing.exit.validatorIndex] : [],
    );
    if (before.length === 0 || told.get(operatorId) === start) return;
    told.set(operatorId, start);
    logger.warn(
      {operator_id: operatorId, next_index: start, first_was: Math.min(...before), exits: before.length},
      "next validator index moved, exits are asked for again",
    );
  };
}
