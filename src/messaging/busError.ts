import {NatsError} from "nats";
import {DvtError} from "../errors.js";

/** 10014: consumer not found. 10059: stream not found. No other error means that a healthy JetStream does not have it. */
const notFound: readonly unknown[] = [10_014, 10_059];

export const isNotFound = (cause: unknown): boolean =>
  cause instanceof NatsError && cause.api_error?.code === 404 && notFound.includes(cause.api_error.err_code);

/** Whether the JetStream API rejected the request for good. A 503 passes: there is no leader yet, or no room just now. */
export const isFinalApiError = (cause: unknown): boolean =>
  cause instanceof NatsError && cause.api_error !== undefined && cause.api_error.code !== 503;

/** For catch(), after a request to JetStream: STREAMS_MISSING if it does not have the thing, BUS_UNAVAILABLE if it cannot tell. */
export const toBusError =
  (action: string, {missing, hint}: {missing: string; hint?: string}) =>
  (cause: unknown): never => {
    if (!(cause instanceof NatsError)) throw cause;
    if (isNotFound(cause)) throw new DvtError("STREAMS_MISSING", `${action}: ${missing}; run \`dvt streams apply\``, {cause});
    throw new DvtError("BUS_UNAVAILABLE", `${action}: ${cause.message}${hint ? `; ${hint}` : ""}`, {cause});
  };
