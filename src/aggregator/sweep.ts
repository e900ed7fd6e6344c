import {DvtError} from "../errors.js";
import {validatorKeyOf} from "../exits/exitId.js";
import {groupBy} from "../runtime/groupBy.js";
import type {Aggregator} from "./aggregator.js";
import {publishResults} from "./publishResults.js";

export const sweepPageSize = 500;
/** Younger ones are being published by whoever wrote them. */
export const publishGraceMs = 5000;

/** Publishes results that somebody wrote and did not live to publish. */
export async function sweepUnpublished(aggregator: Aggregator, now: number, signal: AbortSignal): Promise<void> {
  for await (const owed of aggregator.exits.findUnpublished(now - publishGraceMs, sweepPageSize)) {
    for (const [oraclesConfigHash, results] of groupBy(owed, (it) => it.oraclesConfigHash)) {
      if (signal.aborted) return;
      await publishResults(aggregator, results, oraclesConfigHash);
    }
  }
}

/** Drops the shares of exits that were superseded or have expired: nothing keeps what could still become an exit. */
export async function sweepShares({requests, exits, clusters}: Aggregator, signal: AbortSignal): Promise<void> {
  for await (const page of exits.findCollecting(sweepPageSize)) {
    const heads = await requests.findAll(page);
    for (const exit of page) {
      if (signal.aborted) return;
      const head = heads.get(validatorKeyOf(exit));
      // Whoever has no definition of it at the moment, or cannot read who asked for it, cannot tell.
      if (head instanceof DvtError || !clusters.byPublicKey(exit.publicKey)) continue;
      if (head?.validatorIndex !== exit.validatorIndex || head.state === "expired") await exits.dropShares(exit);
    }
  }
}
