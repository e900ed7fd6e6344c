import {parseEndpoints} from "../http/endpoints.js";
import {createFailOver, type FailOver} from "../http/failOver.js";
import type {Logger} from "../runtime/logger.js";
import {type BeaconNode, createNode, type NodeOptions} from "./node.js";

/**
 * The beacon chain through several nodes; an operation fails with CONSENSUS_UNAVAILABLE or CONSENSUS_CHAIN_MISMATCH if none
 * works.
 */
export type Beacon = FailOver<BeaconNode>;

/**
 * Creates a client for `endpoints`, in the format of CONSENSUS_ENDPOINT, without sending a request; CONFIG_INVALID if one is not
 * a URL.
 */
export const connectBeacon = (endpoints: string, {logger, ...options}: NodeOptions & {logger: Logger}): Beacon =>
  createFailOver(
    parseEndpoints("CONSENSUS_ENDPOINT", endpoints).map((url) => createNode(url, options)),
    {
      what: "beacon node",
      unavailable: "CONSENSUS_UNAVAILABLE",
      mismatch: "CONSENSUS_CHAIN_MISMATCH",
      check: (node) => node.checkNetwork(),
      signal: options.signal,
      logger,
    },
  );
