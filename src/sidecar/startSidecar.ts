import type {Network} from "../consensus/networks.js";
import type {KeyShares} from "../keys/keyShares.js";
import type {Bus} from "../messaging/connect.js";
import {consume} from "../messaging/consume.js";
import {sidecarDurable} from "../messaging/topology.js";
import type {Logger} from "../runtime/logger.js";
import type {Shutdown} from "../runtime/shutdown.js";
import {handleExitRequest} from "./handleExitRequest.js";

/** What the sidecar's handler works with. */
export type Sidecar = {
  readonly network: Network;
  readonly clusterId: string;
  readonly keyShares: KeyShares;
  /** 64 bytes: shares are encrypted to it. */
  readonly aggregatorKey: Uint8Array;
  readonly bus: Bus;
  readonly logger: Logger;
};

/** Consumes its cluster's EXIT_REQUESTS; signs with its key shares; publishes EXIT_SHARES. */
export async function startSidecar(sidecar: Sidecar, shutdown: Shutdown): Promise<void> {
  const consumer = await consume(sidecar.bus, {
    stream: "EXIT_REQUESTS",
    durable: sidecarDurable(sidecar.clusterId, sidecar.keyShares.shareIndex),
    concurrency: 64,
    handle: (delivery) => handleExitRequest(sidecar, delivery),
    logger: sidecar.logger,
  });
  shutdown.onStop(consumer.stop);
}
