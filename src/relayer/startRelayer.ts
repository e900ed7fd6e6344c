import {consumeSenders} from "../messaging/consumeSenders.js";
import {relayerDurables} from "../messaging/topology.js";
import {every} from "../runtime/every.js";
import type {Shutdown} from "../runtime/shutdown.js";
import {handleBatch} from "./handleBatch.js";
import {handleReceipt} from "./handleReceipt.js";
import type {Relayer} from "./relayer.js";
import {sweepOpen} from "./sweepOpen.js";
import {createStaleSweep} from "./sweepStale.js";

/** Two gateways of an operator serve the same results, and know a new oracle set before or after the relayer: neither costs much. */
const harmless = ["taken before", "other oracle set"];
const hourMs = 3_600_000;

/** A day more than they can be used: the clocks of sidecars differ. */
const oldOrdersBefore = ({clock, exitLifetimeMs}: Relayer): number => clock.now() - exitLifetimeMs - 24 * hourMs;

/** Consumes REQUESTS, writes `requests` and `orders`, and publishes to EXIT_REQUESTS, and to COMPLETIONS what needs no new signature. */
export async function startRelayer(relayer: Relayer, shutdown: Shutdown): Promise<void> {
  await Promise.all([relayer.requests.createIndexes(), relayer.orders.createIndexes()]);
  const consumer = await consumeSenders(relayer.bus, {
    stream: "REQUESTS",
    durablesOf: relayerDurables,
    concurrency: 2,
    concurrencyOfAll: 8,
    handle: (delivery) => (delivery.subject.split(".")[2] === "receipts" ? handleReceipt : handleBatch)(relayer, delivery),
    deadLetters: {burst: 20, perSecond: 0.02},
    // Each rejected key costs a completion of its own, and a batch has up to 1,000 keys.
    useful: {outcomes: ["claimed", "taken", ...harmless], others: {burst: 20, perSecond: 0.2}},
    reload: relayer.reload,
    counts: relayer.counts,
    entryWatch: relayer.entryWatch,
    logger: relayer.logger,
  });
  shutdown.onStop(consumer.stop);
  const periodMs = Math.min(30_000, Math.max(100, relayer.reissueAfterMs / 4));
  const sweep = (name: string, task: (signal: AbortSignal) => Promise<void>, sweepMs = periodMs): void => {
    // A wrong clock must neither expire nor postpone anything.
    const ifClockRight = async (signal: AbortSignal) => (relayer.clock.isOwnRight() ? task(signal) : undefined);
    shutdown.onStop(every(sweepMs, name, ifClockRight, relayer.logger).stop);
  };
  sweep("sweep open exits", (signal) => sweepOpen(relayer, relayer.clock.now(), signal));
  sweep("delete old orders", () => relayer.orders.dropBefore(oldOrdersBefore(relayer)), hourMs);
  if (relayer.followed) sweep("sweep exits of another oracle set", createStaleSweep(relayer, relayer.followed));
}
