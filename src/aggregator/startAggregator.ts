import {consumeSenders} from "../messaging/consumeSenders.js";
import {aggregatorDurables} from "../messaging/topology.js";
import {createBatches} from "../runtime/batches.js";
import {every} from "../runtime/every.js";
import type {Shutdown} from "../runtime/shutdown.js";
import type {Aggregator} from "./aggregator.js";
import {chooseShares} from "./chooseShares.js";
import {readShare, type Share} from "./collecting.js";
import {type DepositShare, readDepositShare} from "./collectingDeposit.js";
import {handleDepositRefusal} from "./handleDepositRefusal.js";
import {handleDepositShares} from "./handleDepositShares.js";
import {handleRefusal} from "./handleRefusal.js";
import {handleShares} from "./handleShares.js";
import {sweepShares, sweepUnpublished} from "./sweep.js";
import {sweepDepositShares, sweepUnpublishedDeposits} from "./sweepDeposits.js";

const sweepPeriodMs = 5000;

/**
 * Consumes EXIT_SHARES; writes `exits` and `deposits`; publishes COMPLETIONS once a threshold of good shares, or too many refusals,
 * are held.
 */
export async function startAggregator(aggregator: Aggregator, shutdown: Shutdown): Promise<void> {
  const {bus, exits, deposits, logger} = aggregator;
  await exits.createIndexes();
  await deposits.createIndexes();
  const takeShare = createBatches((shares: readonly Share[]) => handleShares(aggregator, shares), chooseShares);
  const takeDepositShare = createBatches(
    (shares: readonly DepositShare[]) => handleDepositShares(aggregator, shares),
    chooseShares,
  );
  const consumer = await consumeSenders(bus, {
    stream: "EXIT_SHARES",
    durablesOf: aggregatorDurables,
    concurrency: 256,
    concurrencyOfAll: 1024,
    handle: async (delivery) => {
      const [, , said] = delivery.subject.split(".");
      if (said === "exit_refusals") return handleRefusal(aggregator, delivery);
      if (said === "deposit_shares") return takeDepositShare(readDepositShare(aggregator, delivery));
      if (said === "deposit_refusals") return handleDepositRefusal(aggregator, delivery);
      return takeShare(readShare(aggregator, delivery));
    },
    lookAgain: aggregator.lookAgain,
    // A sidecar that is slower than the others has its shares come late; more than these nobody completes in a second.
    useful: {words: ["completed", "collecting"], others: {burst: 2000, perSecond: 100}},
    logger,
  });
  shutdown.onStop(consumer.stop);
  const sweep = (name: string, task: (signal: AbortSignal) => Promise<void>): void =>
    shutdown.onStop(every(sweepPeriodMs, name, task, logger).stop);
  sweep("publish what is owed", (signal) => sweepUnpublished(aggregator, aggregator.clock.now(), signal));
  sweep("publish deposits that are owed", (signal) => sweepUnpublishedDeposits(aggregator, aggregator.clock.now(), signal));
  sweep("drop shares of no use", (signal) => sweepShares(aggregator, signal));
  sweep("drop shares of deposits of no use", (signal) => sweepDepositShares(aggregator, signal));
}
