import {maxOrderSize} from "../../schemas/order.js";
import {consume} from "../messaging/consume.js";
import {sidecarDurable} from "../messaging/topology.js";
import {waitUntilAlone} from "../messaging/waitUntilAlone.js";
import {watchForOthers} from "../messaging/watchForOthers.js";
import {orderCodes} from "../policy/checkOrder.js";
import type {Shutdown} from "../runtime/shutdown.js";
import {handleExitRequest} from "./handleExitRequest.js";
import type {Sidecar} from "./sidecar.js";

type Options = {
  /** How long another sidecar with this share index may take to end. */
  readonly patienceMs?: number;
};

/** The entry of an exit request has at least 150 bytes, but a digest half of it. */
const entriesIn = (bytes: number): number => Math.min(maxOrderSize, Math.ceil(bytes / 150));

/**
 * Consumes its cluster's EXIT_REQUESTS, signs what its policy allows, and publishes to EXIT_SHARES. SHARE_INDEX_IN_USE while another
 * sidecar with this share index runs: each would have limits and withdrawal credentials of its own.
 */
export async function startSidecar(sidecar: Sidecar, shutdown: Shutdown, options: Options = {}): Promise<void> {
  const {bus, clusterId, keyShares, logger} = sidecar;
  const {shareIndex} = keyShares;
  const source = {stream: "EXIT_REQUESTS", durable: sidecarDurable(clusterId, shareIndex)} as const;
  const exclusive = {...source, who: `sidecar ${clusterId}-${shareIndex}`, inUse: "SHARE_INDEX_IN_USE", logger} as const;
  await waitUntilAlone(bus, {...exclusive, signal: shutdown.signal, ...options});
  if (shutdown.signal.aborted) return;
  const consumer = await consume(bus, {
    ...source,
    concurrency: 2 * maxOrderSize,
    weigh: entriesIn,
    mostPulled: 32,
    // Others' requests come on this queue too, and an order may only be too old for this sidecar's EXIT_LIFETIME.
    passedOn: orderCodes,
    handle: (delivery) => handleExitRequest(sidecar, delivery),
    reload: sidecar.reload,
    counts: sidecar.counts,
    entryWatch: sidecar.entryWatch,
    logger,
  });
  shutdown.onStop(consumer.stop);
  shutdown.onStop(watchForOthers(bus, {...exclusive, signal: shutdown.signal, onLost: shutdown.fail}).stop);
}
