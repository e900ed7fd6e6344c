import {exitBatch} from "../../schemas/exitBatch.js";
import {toBatches} from "../client/toBatches.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import {publish} from "../messaging/publish.js";
import type {Gateway} from "./gateway.js";
import type {Standing} from "./lookUp.js";
import {Problem} from "./problem.js";

/** Asks for the exits as this operator, on its own connection; not again for those that it asked for a moment ago. */
export async function askForExits(gateway: Gateway, operatorId: string, exits: readonly ExitId[]): Promise<void> {
  const {operators, asked, metrics, logger} = gateway;
  const bus = operators.get(operatorId);
  if (!bus) throw new Problem("NOT_ALLOWED", `this gateway does not speak for operator ${operatorId}`);
  const keyOf = (exit: ExitId): string => `${operatorId}:${exitKeyOf(exit)}`;
  const fresh = exits.filter((exit) => !asked.has(keyOf(exit)));
  for (const {batch, exits: some} of toBatches(fresh, operatorId, Date.now())) {
    await publish(bus, exitBatch, batch);
    for (const exit of some) asked.add(keyOf(exit));
    metrics.exitsAsked.inc(some.length);
    logger.info({operator_id: operatorId, exits: some.length}, "exits asked for");
  }
}

/** Whether the relayer has to hear of it: it has no such request of this operator that may still be answered. */
export const isToBeAsked = (exit: ExitId, standing: Standing | undefined, operatorId: string): boolean =>
  standing?.head.validatorIndex !== exit.validatorIndex ||
  (standing.result === undefined && !(standing.head.state === "open" && standing.head.operatorIds.includes(operatorId)));
