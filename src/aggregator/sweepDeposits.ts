import {DvtError} from "../errors.js";
import {type DepositId, isSameDeposit} from "../exits/depositId.js";
import {validatorKeyOf} from "../exits/exitId.js";
import type {Head} from "../store/requestDocument.js";
import type {Aggregator} from "./aggregator.js";
import {publishDeposits} from "./publishDeposits.js";
import {publishGraceMs, sweepPageSize} from "./sweep.js";

/** Publishes signatures that somebody wrote and did not live to publish. */
export async function sweepUnpublishedDeposits(aggregator: Aggregator, now: number, signal: AbortSignal): Promise<void> {
  for await (const owed of aggregator.deposits.findUnpublished(now - publishGraceMs, sweepPageSize)) {
    if (signal.aborted) return;
    await publishDeposits(aggregator, owed);
  }
}

/** Forgets what was collected of deposits that nobody asks for any more. */
export async function sweepDepositShares({requests, deposits, clusters}: Aggregator, signal: AbortSignal): Promise<void> {
  for await (const page of deposits.findCollecting(sweepPageSize)) {
    const heads = await requests.findAll(page);
    if (signal.aborted) return;
    const gone = page.filter((id) => {
      const head = heads.get(validatorKeyOf(id));
      // Whoever has no definition of it at the moment, or cannot read who asked for it, cannot tell.
      return !(head instanceof DvtError) && clusters.byPublicKey(id.publicKey) !== undefined && !isWanted(id, head);
    });
    await deposits.drop(gone);
  }
}

const isWanted = ({deposit}: DepositId, head: Head | undefined): boolean =>
  head?.deposit !== undefined &&
  isSameDeposit(head.deposit.deposit, deposit) &&
  !head.deposit.isExpired &&
  head.state !== "expired";
