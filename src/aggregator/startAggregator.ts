import type {DepositId} from "../exits/depositId.js";
import type {ExitId} from "../exits/exitId.js";
import {consumeSenders} from "../messaging/consumeSenders.js";
import {aggregatorDurables} from "../messaging/topology.js";
import {createBatches} from "../runtime/batches.js";
import {every} from "../runtime/every.js";
import type {Shutdown} from "../runtime/shutdown.js";
import type {Aggregator} from "./aggregator.js";
import {handleRefusal as handleDepositRefusal} from "./deposits/handleRefusal.js";
import {readShare as readDepositShare} from "./deposits/readShare.js";
import * as depositSweeps from "./deposits/sweep.js";
import {takeShares as takeDepositShares} from "./deposits/takeShares.js";
import {handleRefusal as handleExitRefusal} from "./exits/handleRefusal.js";
import {readShare as readExitShare} from "./exits/readShare.js";
import * as exitSweeps from "./exits/sweep.js";
import {takeShares as takeExitShares} from "./exits/takeShares.js";
import {chooseShares} from "./shares/chooseShares.js";
import type {SignatureShare} from "./shares/shareGroup.js";

const sweepPeriodMs = 5000;

/**
 * Consumes EXIT_SHARES; writes `exits` and `deposits`; publishes COMPLETIONS once it has a threshold of good shares, or too many
 * refusals.
 */
export async function startAggregator(aggregator: Aggregator, shutdown: Shutdown): Promise<void> {
  const {bus, exits, deposits, clock, logger} = aggregator;
  await exits.createIndexes();
  await deposits.createIndexes();
  const batchExitShare = createBatches(
    (shares: readonly SignatureShare<ExitId>[]) => takeExitShares(aggregator, shares),
    chooseShares,
  );
  const batchDepositShare = createBatches(
    (shares: readonly SignatureShare<DepositId>[]) => takeDepositShares(aggregator, shares),
    chooseShares,
  );
  const consumer = await consumeSenders(bus, {
    stream: "EXIT_SHARES",
    durablesOf: aggregatorDurables,
    concurrency: 256,
    concurrencyOfAll: 1024,
    handle: async (delivery) => {
      const [, , kind] = delivery.subject.split(".");
      if (kind === "exit_refusals") return handleExitRefusal(aggregator, delivery);
      if (kind === "deposit_refusals") return handleDepositRefusal(aggregator, delivery);
      if (kind === "deposit_shares") return batchDepositShare(readDepositShare(aggregator, delivery));
      return batchExitShare(readExitShare(aggregator, delivery));
    },
    reload: aggregator.reload,
    counts: aggregator.counts,
    // A slow sidecar's shares come late. Nobody completes more than 100 exits per second.
    useful: {outcomes: ["completed", "collecting"], others: {burst: 2000, perSecond: 100}},
    logger,
  });
  shutdown.onStop(consumer.stop);
  const sweep = (name: string, task: (signal: AbortSignal) => Promise<void>): void =>
    shutdown.onStop(every(sweepPeriodMs, name, task, logger).stop);
  sweep("publish owed results", (signal) => exitSweeps.sweepUnpublished(aggregator, clock.now(), signal));
  sweep("publish owed deposit signatures", (signal) => depositSweeps.sweepUnpublished(aggregator, clock.now(), signal));
  sweep("drop exit shares of no use", (signal) => exitSweeps.sweepShares(aggregator, signal));
  sweep("drop deposit shares of no use", (signal) => depositSweeps.sweepShares(aggregator, signal));
}
