import {type ExitId, validatorKeyOf} from "../exits/exitId.js";
import {groupBy} from "../runtime/groupBy.js";
import type {Aggregator} from "./aggregator.js";
import {publishResults} from "./publishResults.js";

export const sweepPageSize = 500;
/** Younger ones are being published by whoever wrote them. */
export const publishGraceMs = 5000;

/** Publishes results that somebody wrote and did not live to publish. */
export async function sweepUnpublished(aggregator: Aggregator, now: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    const owed = await aggregator.exits.findUnpublished(now - publishGraceMs, sweepPageSize);
    for (const [oraclesConfigHash, results] of groupBy(owed, (it) => it.oraclesConfigHash)) {
      if (signal.aborted) return;
      await publishResults(aggregator, results, oraclesConfigHash);
    }
    if (owed.length < sweepPageSize) return;
  }
}

/** Drops the shares of exits that were superseded or have expired: nothing keeps what could still become an exit. */
export async function sweepShares({requests, exits}: Aggregator, signal: AbortSignal): Promise<void> {
  let after: ExitId | undefined;
  do {
    const page = await exits.findCollecting(after, sweepPageSize);
    const heads = await requests.findAll(page);
    for (const exit of page) {
      if (signal.aborted) return;
      const head = heads.get(validatorKeyOf(exit));
      if (head?.validatorIndex !== exit.validatorIndex || head.state === "expired") await exits.dropShares(exit);
    }
    after = page.length === sweepPageSize ? page.at(-1) : undefined;
  } while (after);
}
