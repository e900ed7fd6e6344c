import {type DepositId, isSameDeposit} from "../exits/depositId.js";
import {validatorKeyOf} from "../exits/exitId.js";
import type {Head} from "../store/requestDocument.js";
import type {Aggregator} from "./aggregator.js";
import {publishDeposits} from "./publishDeposits.js";
import {publishGraceMs, sweepPageSize} from "./sweep.js";

/** Publishes signatures that somebody wrote and did not live to publish. */
export async function sweepUnpublishedDeposits(aggregator: Aggregator, now: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    const owed = await aggregator.deposits.findUnpublished(now - publishGraceMs, sweepPageSize);
    if (signal.aborted) return;
    await publishDeposits(aggregator, owed);
    if (owed.length < sweepPageSize) return;
  }
}

/** Forgets what was collected of deposits that nobody asks for any more. */
export async function sweepDepositShares({requests, deposits}: Aggregator, signal: AbortSignal): Promise<void> {
  let after: DepositId | undefined;
  do {
    const page = await deposits.findCollecting(after, sweepPageSize);
    const heads = await requests.findAll(page);
    if (signal.aborted) return;
    await deposits.drop(page.filter((id) => !isWanted(id, heads.get(validatorKeyOf(id)))));
    after = page.length === sweepPageSize ? page.at(-1) : undefined;
  } while (after);
}

const isWanted = ({deposit}: DepositId, head: Head | undefined): boolean =>
  head?.deposit !== undefined &&
  isSameDeposit(head.deposit.deposit, deposit) &&
  !head.deposit.isExpired &&
  head.state !== "expired";
