import {NatsError} from "nats";
import {DvtError} from "../errors.js";

/** 10014: consumer not found. 10059: stream not found. No other error means that a healthy JetStream does not have it. */
const notFound: readonly unknown[] = [10_014, 10_059];

export const isNotFound = (cause: unknown): boolean =>
  cause instanceof NatsError && cause.api_error?.code === 404 && notFound.includes(cause.api_error.err_code);

/** Too few servers of a cluster are known: they have just started, or are away. */
const noPeers: unknown = 10_005;

/**
 * Whether the JetStream API rejected the request for good. A 503 passes: there is no leader yet, or no room just now. So does a cluster in
 * which too few servers have found each other.
 */
export const isFinalApiError = (cause: unknown): boolean =>
  cause instanceof NatsError &&
  cause.api_error !== undefined &&
  cause.api_error.code !== 503 &&
  cause.api_error.err_code !== noPeers;

/** For catch(), after a request to JetStream: STREAMS_MISSING if it does not have the thing, BUS_UNAVAILABLE if it cannot tell. */
export const toBusError =
  (action: string, {missing, hint}: {missing: string; hint?: string}) =>
  (cause: unknown): never => {
    if (!(cause instanceof NatsError)) throw cause;
    if (isNotFound(cause)) throw new DvtError("STREAMS_MISSING", `${action}: ${missing}; run \`dvt streams apply\``, {cause});
    throw new DvtError("BUS_UNAVAILABLE", `${action}: ${cause.message}${hint ? `; ${hint}` : ""}`, {cause});
  };
