import type {Deposit} from "../../schemas/deposit.js";
import {exitBatch} from "../../schemas/exitBatch.js";
import type {WantedExit} from "../client/outcome.js";
import {toBatches} from "../client/toBatches.js";
import {depositKeyOf, isSameDeposit} from "../exits/depositId.js";
import {exitKeyOf} from "../exits/exitId.js";
import {publish} from "../messaging/publish.js";
import {busOf} from "./busOf.js";
import type {Gateway} from "./gateway.js";
import type {Standing} from "./lookUp.js";

/**
 * Asks for the exits, and the deposits that go with them, as this operator, on its own connection; not again for those that it
 * asked for a moment ago.
 */
export async function askForExits(gateway: Gateway, operatorId: string, exits: readonly WantedExit[]): Promise<void> {
  const {asked, metrics, logger, clock} = gateway;
  const bus = busOf(gateway, operatorId);
  const keyOf = (exit: WantedExit): string => `${operatorId}:${wantedKeyOf(exit)}`;
  const fresh = exits.filter((exit) => !asked.has(keyOf(exit)));
  for (const {batch, exits: some} of toBatches(fresh, operatorId, clock.now())) {
    await publish(bus, exitBatch, batch);
    for (const exit of some) asked.add(keyOf(exit));
    metrics.exitsAsked.inc(some.length);
    logger.info({operator_id: operatorId, exits: some.length}, "exits asked for");
  }
}

const wantedKeyOf = ({deposit, ...exit}: WantedExit): string =>
  deposit ? `${exitKeyOf(exit)}:${depositKeyOf({...exit, deposit})}` : exitKeyOf(exit);

/** Whether the relayer has to hear of it: it has no such request of this operator that may still be answered. */
export function isToBeAsked({validatorIndex, deposit}: WantedExit, standing: Standing | undefined, operatorId: string): boolean {
  if (standing?.exit.validatorIndex !== validatorIndex) return true;
  const {head, result} = standing;
  if (result === undefined && !(head.state === "open" && head.askers.has(operatorId))) return true;
  return deposit !== undefined && !isDepositUnderWay(deposit, standing);
}

/** Signed, or current and still to be signed. */
function isDepositUnderWay(deposit: Deposit, {head, deposit: current}: Standing): boolean {
  if (!current || !isSameDeposit(current.id.deposit, deposit)) return false;
  return current.signature !== undefined || (head.state === "open" && !current.isExpired);
}
