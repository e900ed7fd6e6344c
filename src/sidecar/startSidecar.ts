import {consume} from "../messaging/consume.js";
import {sidecarDurable} from "../messaging/topology.js";
import {waitUntilAlone} from "../messaging/waitUntilAlone.js";
import {watchForOthers} from "../messaging/watchForOthers.js";
import type {Shutdown} from "../runtime/shutdown.js";
import {handleExitRequest} from "./handleExitRequest.js";
import type {Sidecar} from "./sidecar.js";

type Options = {
  /** For another sidecar of this share index, to end. */
  readonly patienceMs?: number;
};

/**
 * Consumes its cluster's EXIT_REQUESTS; signs with its key shares what its policy allows; publishes EXIT_SHARES. Two of one share index
 * would each keep a policy and withdrawal credentials of its own: SHARE_INDEX_IN_USE while another waits.
 */
export async function startSidecar(sidecar: Sidecar, shutdown: Shutdown, options: Options = {}): Promise<void> {
  const {bus, clusterId, keyShares, logger} = sidecar;
  const {shareIndex} = keyShares;
  const from = {stream: "EXIT_REQUESTS", durable: sidecarDurable(clusterId, shareIndex)} as const;
  const exclusive = {...from, who: `sidecar ${clusterId}-${shareIndex}`, inUse: "SHARE_INDEX_IN_USE", logger} as const;
  await waitUntilAlone(bus, {...exclusive, signal: shutdown.signal, ...options});
  if (shutdown.signal.aborted) return;
  const consumer = await consume(bus, {
    ...from,
    concurrency: 64,
    handle: (delivery) => handleExitRequest(sidecar, delivery),
    reload: sidecar.reload,
    counts: sidecar.counts,
    logger,
  });
  shutdown.onStop(consumer.stop);
  shutdown.onStop(watchForOthers(bus, {...exclusive, signal: shutdown.signal, onLost: shutdown.fail}).stop);
}
