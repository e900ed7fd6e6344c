import {consumeSenders} from "../messaging/consumeSenders.js";
import {relayerDurables} from "../messaging/topology.js";
import {every} from "../runtime/every.js";
import type {Shutdown} from "../runtime/shutdown.js";
import {handleBatch} from "./handleBatch.js";
import type {Relayer} from "./relayer.js";
import {sweepOpen} from "./sweepOpen.js";
import {createStaleSweep} from "./sweepStale.js";

/** Consumes REQUESTS, writes `requests`, and publishes to EXIT_REQUESTS, and to COMPLETIONS what needs no new signature. */
export async function startRelayer(relayer: Relayer, shutdown: Shutdown): Promise<void> {
  await relayer.requests.createIndexes();
  const consumer = await consumeSenders(relayer.bus, {
    stream: "REQUESTS",
    durablesOf: relayerDurables,
    concurrency: 2,
    concurrencyOfAll: 8,
    handle: (delivery) => handleBatch(relayer, delivery),
    deadLetters: {burst: 20, perSecond: 0.02},
    // Each rejected key costs a completion of its own, and a batch has up to 1,000 keys.
    useful: {outcomes: ["claimed"], others: {burst: 20, perSecond: 0.2}},
    reload: relayer.reload,
    counts: relayer.counts,
    logger: relayer.logger,
  });
  shutdown.onStop(consumer.stop);
  const periodMs = Math.min(30_000, Math.max(100, relayer.reissueAfterMs / 4));
  const sweep = (name: string, task: (signal: AbortSignal) => Promise<void>): void => {
    // A wrong clock must neither expire nor postpone anything.
    const ifClockRight = async (signal: AbortSignal) => (relayer.clock.isOwnRight() ? task(signal) : undefined);
    shutdown.onStop(every(periodMs, name, ifClockRight, relayer.logger).stop);
  };
  sweep("sweep open exits", (signal) => sweepOpen(relayer, relayer.clock.now(), signal));
  if (relayer.followed) sweep("sweep exits of another oracle set", createStaleSweep(relayer, relayer.followed));
}
