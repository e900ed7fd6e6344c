import {consume} from "../messaging/consume.js";
import {sidecarDurable} from "../messaging/topology.js";
import type {Shutdown} from "../runtime/shutdown.js";
import {handleExitRequest} from "./handleExitRequest.js";
import type {Sidecar} from "./sidecar.js";

/** Consumes its cluster's EXIT_REQUESTS; signs with its key shares what its policy allows; publishes EXIT_SHARES. */
export async function startSidecar(sidecar: Sidecar, shutdown: Shutdown): Promise<void> {
  const consumer = await consume(sidecar.bus, {
    stream: "EXIT_REQUESTS",
    durable: sidecarDurable(sidecar.clusterId, sidecar.keyShares.shareIndex),
    concurrency: 64,
    handle: (delivery) => handleExitRequest(sidecar, delivery),
    lookAgain: sidecar.lookAgain,
    logger: sidecar.logger,
  });
  shutdown.onStop(consumer.stop);
}
