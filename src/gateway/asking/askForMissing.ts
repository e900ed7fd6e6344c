import type {Deposit} from "../../../schemas/deposit.js";
import {exitBatch} from "../../../schemas/exitBatch.js";
import type {RequestedExit} from "../../client/outcome.js";
import {toBatches} from "../../client/toBatches.js";
import {depositKeyOf, isSameDeposit} from "../../exits/depositId.js";
import {type ExitId, exitKeyOf} from "../../exits/exitId.js";
import type {Bus} from "../../messaging/connect.js";
import {publish} from "../../messaging/publish.js";
import type {Logger} from "../../runtime/logger.js";
import {Problem} from "../../web/problem.js";
import type {Gateway} from "../gateway.js";
import type {ExitProgress} from "../progress/readProgress.js";

type OperatorExits = {
  readonly operatorId: string;
  /** The validator index of the first exit. */
  readonly startIndex: number;
  readonly exits: readonly RequestedExit[];
  /** By public key. */
  readonly progress: ReadonlyMap<string, ExitProgress>;
};

/** Asks for those exits that the relayer does not know of, and warns when their indexes have moved. */
export function createAskForMissing(gateway: Gateway): (wanted: OperatorExits) => Promise<void> {
  const warnOfMove = createMoveWarning(gateway.logger);
  return async ({operatorId, startIndex, exits, progress}) => {
    const missing = exits
      .map((exit) => ({exit, current: progress.get(exit.publicKey)}))
      .filter(({exit, current}) => isToBeAsked(exit, current, operatorId));
    warnOfMove(operatorId, startIndex, missing);
    const wanted = missing.map(({exit}) => exit);
    await askForExits(gateway, operatorId, wanted);
  };
}

/** Publishes the exits and their deposits as this operator, on its own connection, unless it asked for them a moment ago. */
async function askForExits(gateway: Gateway, operatorId: string, wanted: readonly RequestedExit[]): Promise<void> {
  const {asked, metrics, logger, clock} = gateway;
  const bus = busOf(gateway, operatorId);
  const keyOf = (exit: RequestedExit): string => `${operatorId}:${wantedKeyOf(exit)}`;
  const fresh = wanted.filter((exit) => !asked.has(keyOf(exit)));
  const asker = {operatorId, requestedAt: clock.now(), identity: bus.identity};
  for (const {batch, exits} of toBatches(fresh, asker)) {
    logger.info({batch: batch.batch_id, operator_id: operatorId, exits: exits.map(exitKeyOf)}, "exits asked for");
    await publish(bus, exitBatch, batch);
    for (const exit of exits) asked.add(keyOf(exit));
    metrics.exitsAsked.inc(exits.length);
  }
}

const wantedKeyOf = ({deposit, ...exit}: RequestedExit): string =>
  deposit ? `${exitKeyOf(exit)}:${depositKeyOf({...exit, deposit})}` : exitKeyOf(exit);

/** The operator's own connection. NOT_ALLOWED when the gateway does not have the operator's nkey. */
export function busOf({operators}: Pick<Gateway, "operators">, operatorId: string): Bus {
  const bus = operators.get(operatorId);
  if (!bus) throw new Problem("NOT_ALLOWED", `this gateway does not speak for operator ${operatorId}`);
  return bus;
}

/** True unless the relayer has this request of this operator and may still answer it. */
export function isToBeAsked(
  {validatorIndex, deposit}: RequestedExit,
  current: ExitProgress | undefined,
  operatorId: string,
): boolean {
  if (current?.exit.validatorIndex !== validatorIndex) return true;
  const {head, result} = current;
  if (result === undefined && !(head.state === "open" && head.requesters.has(operatorId))) return true;
  return deposit !== undefined && !isDepositUnderWay(deposit, current);
}

/** Signed, or current and still to be signed. */
function isDepositUnderWay(wanted: Deposit, {head, deposit}: ExitProgress): boolean {
  if (!deposit || !isSameDeposit(deposit.id.deposit, wanted)) return false;
  return deposit.signature !== undefined || (head.state === "open" && !deposit.isExpired);
}

type MissingExit = {readonly exit: ExitId; readonly current: Pick<ExitProgress, "exit"> | undefined};

/** Warns of exits that are asked for again because somebody else got their index: once for each start index, however often polled. */
export function createMoveWarning(
  logger: Pick<Logger, "warn">,
): (operatorId: string, startIndex: number, missing: readonly MissingExit[]) => void {
  const warnedOf = new Map<string, number>();
  return (operatorId, startIndex, missing) => {
    const before = missing.flatMap(({exit, current}) =>
      current && current.exit.validatorIndex !== exit.validatorIndex ? [current.exit] : [],
    );
    if (before.length === 0 || warnedOf.get(operatorId) === startIndex) return;
    warnedOf.set(operatorId, startIndex);
    logger.warn(
      {
        operator_id: operatorId,
        next_index: startIndex,
        first_was: Math.min(...before.map(({validatorIndex}) => validatorIndex)),
        exits: before.map(exitKeyOf),
      },
      "next validator index moved, exits are asked for again",
    );
  };
}
