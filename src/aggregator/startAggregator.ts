import {consume} from "../messaging/consume.js";
import {aggregatorDurable} from "../messaging/topology.js";
import {createBatches} from "../runtime/batches.js";
import {every} from "../runtime/every.js";
import type {Shutdown} from "../runtime/shutdown.js";
import type {Aggregator} from "./aggregator.js";
import {chooseShares} from "./chooseShares.js";
import {readShare, type Share} from "./collecting.js";
import {handleRefusal} from "./handleRefusal.js";
import {handleShares} from "./handleShares.js";
import {sweepShares, sweepUnpublished} from "./sweep.js";

const sweepPeriodMs = 5000;

/** Consumes EXIT_SHARES; writes `exits`; publishes COMPLETIONS once a threshold of good shares, or too many refusals, are held. */
export async function startAggregator(aggregator: Aggregator, shutdown: Shutdown): Promise<void> {
  const {bus, exits, logger, network} = aggregator;
  await exits.createIndexes();
  const takeShare = createBatches((shares: readonly Share[]) => handleShares(aggregator, shares), chooseShares);
  const consumer = await consume(bus, {
    stream: "EXIT_SHARES",
    durable: aggregatorDurable(network.name),
    concurrency: 1024,
    handle: async (delivery) =>
      delivery.subject.startsWith("dvt.v1.exit_refusals.")
        ? handleRefusal(aggregator, delivery)
        : takeShare(readShare(aggregator, delivery)),
    lookAgain: aggregator.lookAgain,
    logger,
  });
  shutdown.onStop(consumer.stop);
  const unpublished = every(
    sweepPeriodMs,
    "publish what is owed",
    (signal) => sweepUnpublished(aggregator, Date.now(), signal),
    logger,
  );
  shutdown.onStop(unpublished.stop);
  const shares = every(sweepPeriodMs, "drop shares of no use", (signal) => sweepShares(aggregator, signal), logger);
  shutdown.onStop(shares.stop);
}
