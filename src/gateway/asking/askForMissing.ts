import {exitBatch} from "../../../schemas/exitBatch.js";
import type {RequestedExit} from "../../client/outcome.js";
import {toBatches} from "../../client/toBatches.js";
import {depositKeyOf} from "../../exits/depositId.js";
import {type ExitId, exitKeyOf} from "../../exits/exitId.js";
import type {Bus} from "../../messaging/connect.js";
import {publish} from "../../messaging/publish.js";
import type {Logger} from "../../runtime/logger.js";
import {Problem} from "../../web/problem.js";
import type {Gateway} from "../gateway.js";
import {askedIn, type WantedProgress} from "../progress/readProgress.js";

type OperatorExits = {
  readonly operatorId: string;
  /** The validator index of the first exit. */
  readonly startIndex: number;
  readonly wanted: readonly WantedProgress[];
};

/** Asks for those exits that the relayer does not know of, and warns when their indexes have moved. */
export function createAskForMissing(gateway: Gateway): (wanted: OperatorExits) => Promise<void> {
  const {asked, clock} = gateway;
  const warnOfMove = createMoveWarning(gateway.logger);
  return async ({operatorId, startIndex, wanted}) => {
    const missing = wanted.filter((it) => isToBeAsked(it, operatorId));
    warnOfMove(operatorId, startIndex, missing);
    const keyOf = (it: WantedProgress): string => `${operatorId}:${askingKeyOf(it)}`;
    const fresh = missing.filter((it) => !asked.has(keyOf(it)));
    await publishAsked(gateway, {operatorId, requestedAt: clock.now(), exits: fresh.map(toRequested)});
    for (const it of fresh) asked.add(keyOf(it));
  };
}

type Asking = {
  readonly operatorId: string;
  /** By the bus's clock: the later one decides which exit of a key is current. */
  readonly requestedAt: number;
  readonly exits: readonly RequestedExit[];
};

/** Publishes the exits and their deposits as this operator, on its own connection. */
export async function publishAsked(gateway: Gateway, {operatorId, requestedAt, exits: all}: Asking): Promise<void> {
  const {metrics, logger} = gateway;
  const bus = busOf(gateway, operatorId);
  for (const {batch, exits} of toBatches(all, {operatorId, requestedAt, identity: bus.identity})) {
    logger.info({batch: batch.batch_id, operator_id: operatorId, exits: exits.map(exitKeyOf)}, "exits asked for");
    await publish(bus, exitBatch, batch);
    metrics.exitsAsked.inc(exits.length);
  }
}

/** What is asked for of a wanted exit. */
export const toRequested = ({exit, deposit}: Pick<WantedProgress, "exit" | "deposit">): RequestedExit => ({
  ...exit,
  deposit: deposit?.id.deposit,
});

/** A later request that made another exit of the key current makes it another key: this one is asked for again then. */
const askingKeyOf = ({exit, deposit, head}: WantedProgress): string =>
  [exitKeyOf(exit), deposit && depositKeyOf(deposit.id), head?.validatorIndex, head?.requestedAt].join(":");

/** The operator's own connection. NOT_ALLOWED when the gateway does not have the operator's nkey. */
export function busOf({operators}: Pick<Gateway, "operators">, operatorId: string): Bus {
  const bus = operators.get(operatorId);
  if (!bus) throw new Problem("NOT_ALLOWED", `this gateway does not speak for operator ${operatorId}`);
  return bus;
}

/** True unless everything is there, or the relayer has this request of this operator and may still answer it. */
export function isToBeAsked({exit, head, result, deposit}: WantedProgress, operatorId: string): boolean {
  const isOpen = head?.state === "open";
  const isAsked = isOpen && head.validatorIndex === exit.validatorIndex && head.requesters.has(operatorId);
  if (!result && !isAsked) return true;
  if (!deposit || deposit.signature !== undefined) return false;
  return !isOpen || deposit.isExpired || !askedIn(head, deposit.id.deposit);
}

type MissingExit = {
  readonly exit: ExitId;
  readonly head: Pick<NonNullable<WantedProgress["head"]>, "validatorIndex"> | undefined;
};

/** Warns of exits that are asked for again because somebody else got their index: once for each start index, however often polled. */
export function createMoveWarning(
  logger: Pick<Logger, "warn">,
): (operatorId: string, startIndex: number, missing: readonly MissingExit[]) => void {
  const warnedOf = new Map<string, number>();
  return (operatorId, startIndex, missing) => {
    const before = missing.flatMap(({exit, head}): ExitId[] =>
      head && head.validatorIndex !== exit.validatorIndex ? [{...exit, validatorIndex: head.validatorIndex}] : [],
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
