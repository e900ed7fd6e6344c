import {parseEndpoints} from "../http/endpoints.js";
import {createFailOver, type FailOver} from "../http/failOver.js";
import type {Logger} from "../runtime/logger.js";
import {type BeaconNode, createNode, type NodeOptions} from "./node.js";

/**
 * The beacon chain, through whichever node answers. An operation fails with CONSENSUS_UNAVAILABLE or CONSENSUS_CHAIN_MISMATCH
 * when none serves.
 */
export type Beacon = FailOver<BeaconNode>;

/** `endpoints` as CONSENSUS_ENDPOINT has them: CONFIG_INVALID where one is no URL. Nothing is asked yet. */
export const connectBeacon = (endpoints: string, {logger, ...options}: NodeOptions & {logger: Logger}): Beacon =>
  createFailOver(
    parseEndpoints("CONSENSUS_ENDPOINT", endpoints).map((url) => createNode(url, options)),
    {
      what: "beacon node",
      unavailable: "CONSENSUS_UNAVAILABLE",
      mismatch: "CONSENSUS_CHAIN_MISMATCH",
      check: (node) => node.checkNetwork(),
      ...{signal: options.signal, logger},
    },
  );
