import {maxOrderSize} from "../../schemas/order.js";
import type {DepositId} from "../exits/depositId.js";
import type {ExitId} from "../exits/exitId.js";
import {consumeSenders} from "../messaging/consumeSenders.js";
import {aggregatorDurables} from "../messaging/topology.js";
import {createBatches} from "../runtime/batches.js";
import {every} from "../runtime/every.js";
import type {Shutdown} from "../runtime/shutdown.js";
import type {Aggregator} from "./aggregator.js";
import {handleRefusals as handleDepositRefusals} from "./deposits/handleRefusals.js";
import {handleShares as handleDepositShares} from "./deposits/handleShares.js";
import * as depositSweeps from "./deposits/sweep.js";
import {takeShares as takeDepositShares} from "./deposits/takeShares.js";
import {handleRefusals as handleExitRefusals} from "./exits/handleRefusals.js";
import {handleShares as handleExitShares} from "./exits/handleShares.js";
import * as exitSweeps from "./exits/sweep.js";
import {takeShares as takeExitShares} from "./exits/takeShares.js";
import {chooseShares} from "./shares/chooseShares.js";
import type {SignatureShare} from "./shares/shareGroup.js";

const sweepPeriodMs = 5000;
const lateSharesPeriodMs = 1000;

/** An exit's share, the shortest of the entries, takes this many bytes of a message. */
const entryBytes = 340;
const entriesIn = (bytes: number): number => Math.min(maxOrderSize, Math.ceil(bytes / entryBytes));

/**
 * Consumes EXIT_SHARES; writes `exits` and `deposits`; publishes COMPLETIONS once it has a threshold of good shares, or too many
 * refusals.
 */
export async function startAggregator(aggregator: Aggregator, shutdown: Shutdown): Promise<void> {
  const {bus, exits, deposits, clock, logger} = aggregator;
  await exits.createIndexes();
  await deposits.createIndexes();
  const takeExitShare = createBatches(
    (shares: readonly SignatureShare<ExitId>[]) => takeExitShares(aggregator, shares),
    chooseShares,
  );
  const takeDepositShare = createBatches(
    (shares: readonly SignatureShare<DepositId>[]) => takeDepositShares(aggregator, shares),
    chooseShares,
  );
  const {lateShares} = aggregator;
  // Registered before the consumer, so released after it: no more of them come by then.
  shutdown.onStop(lateShares.flush);
  const consumer = await consumeSenders(bus, {
    stream: "EXIT_SHARES",
    durablesOf: aggregatorDurables,
    concurrency: 256,
    concurrencyOfAll: 1024,
    weigh: entriesIn,
    mostPulled: 64,
    handle: async (delivery) => {
      const [, , kind] = delivery.subject.split(".");
      if (kind === "exit_refusals") return handleExitRefusals(aggregator, delivery);
      if (kind === "deposit_refusals") return handleDepositRefusals(aggregator, delivery);
      if (kind === "deposit_shares") return handleDepositShares(aggregator, delivery, takeDepositShare);
      return handleExitShares(aggregator, delivery, takeExitShare);
    },
    reload: aggregator.reload,
    counts: aggregator.counts,
    entryWatch: aggregator.entryWatch,
    // A slow sidecar's shares come late. Nobody completes more than 250 exits per second.
    useful: {outcomes: ["completed", "collecting"], others: {burst: 2000, perSecond: 250}},
    logger,
  });
  shutdown.onStop(consumer.stop);
  const sweep = (name: string, task: (signal: AbortSignal) => Promise<void>, periodMs = sweepPeriodMs): void =>
    shutdown.onStop(every(periodMs, name, task, logger).stop);
  sweep("store when late shares came", () => lateShares.flush(), lateSharesPeriodMs);
  sweep("publish owed results", (signal) => exitSweeps.sweepUnpublished(aggregator, clock.now(), signal));
  sweep("publish owed deposit signatures", (signal) => depositSweeps.sweepUnpublished(aggregator, clock.now(), signal));
  sweep("drop exit shares of no use", (signal) => exitSweeps.sweepShares(aggregator, signal));
  sweep("drop deposit shares of no use", (signal) => depositSweeps.sweepShares(aggregator, signal));
}
