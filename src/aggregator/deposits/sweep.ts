import type {Aggregator} from "../aggregator.js";
import {findUnwanted, publishGraceMs, sweepPageSize} from "../shares/findUnwanted.js";
import {publishResults} from "./publishResults.js";
import {requestOf} from "./requestOf.js";

/** Publishes signatures whose aggregator ended before it published them. */
export async function sweepUnpublished(aggregator: Aggregator, now: number, signal: AbortSignal): Promise<void> {
  for await (const owed of aggregator.deposits.findUnpublished(now - publishGraceMs, sweepPageSize)) {
    if (signal.aborted) return;
    await publishResults(aggregator, owed);
  }
}

/** Drops the shares and refusals of deposits that nobody asks for any more. */
export async function sweepShares(aggregator: Aggregator, signal: AbortSignal): Promise<void> {
  for await (const unwanted of findUnwanted(aggregator, aggregator.deposits.findCollecting(sweepPageSize), requestOf)) {
    if (signal.aborted) return;
    await aggregator.deposits.drop(unwanted);
  }
}
