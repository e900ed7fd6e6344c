import {consume, type Delivery} from "../messaging/consume.js";
import {aggregatorDurable} from "../messaging/topology.js";
import {createBatches} from "../runtime/batches.js";
import {every} from "../runtime/every.js";
import type {Shutdown} from "../runtime/shutdown.js";
import type {Aggregator} from "./aggregator.js";
import {handleRefusal} from "./handleRefusal.js";
import {handleShares} from "./handleShares.js";
import {sweepShares, sweepUnpublished} from "./sweep.js";

const sweepPeriodMs = 5000;
/** One batch is written at its end: the more shares of one exit it has, the fewer are written before that exit is complete. */
const sharesAtOnce = 128;

/** Consumes EXIT_SHARES; writes `exits`; publishes COMPLETIONS once a threshold of good shares, or too many refusals, are held. */
export async function startAggregator(aggregator: Aggregator, shutdown: Shutdown): Promise<void> {
  const {bus, exits, logger, network} = aggregator;
  await exits.createIndexes();
  const takeShare = createBatches((deliveries: readonly Delivery[]) => handleShares(aggregator, deliveries), sharesAtOnce);
  const consumer = await consume(bus, {
    stream: "EXIT_SHARES",
    durable: aggregatorDurable(network.name),
    concurrency: 4 * sharesAtOnce,
    handle: (delivery) =>
      delivery.subject.startsWith("dvt.v1.exit_refusals.") ? handleRefusal(aggregator, delivery) : takeShare(delivery),
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
