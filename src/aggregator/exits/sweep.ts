import {groupBy} from "../../runtime/groupBy.js";
import type {Aggregator} from "../aggregator.js";
import {findUnwanted, publishGraceMs, sweepPageSize} from "../shares/findUnwanted.js";
import {publishResults} from "./publishResults.js";
import {requestOf} from "./requestOf.js";

/** Publishes results whose aggregator ended before it published them. */
export async function sweepUnpublished(aggregator: Aggregator, now: number, signal: AbortSignal): Promise<void> {
  for await (const owed of aggregator.exits.findUnpublished(now - publishGraceMs, sweepPageSize)) {
    for (const [oraclesConfigHash, results] of groupBy(owed, (it) => it.oraclesConfigHash)) {
      if (signal.aborted) return;
      await publishResults(aggregator, results, oraclesConfigHash);
    }
  }
}

/** Drops the shares of superseded and expired exits, so that nothing is stored that could still become an exit. */
export async function sweepShares(aggregator: Aggregator, signal: AbortSignal): Promise<void> {
  for await (const unwanted of findUnwanted(aggregator, aggregator.exits.findCollecting(sweepPageSize), requestOf)) {
    for (const exit of unwanted) {
      if (signal.aborted) return;
      await aggregator.exits.dropShares(exit);
    }
  }
}
