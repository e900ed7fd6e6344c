import {NatsError} from "nats";
import {DvtError} from "../errors.js";

/** 10014: consumer not found. 10059: stream not found. Nothing else says that a JetStream that is well has not got it. */
const notFound: readonly unknown[] = [10_014, 10_059];

export const isNotFound = (cause: unknown): boolean =>
  cause instanceof NatsError && cause.api_error?.code === 404 && notFound.includes(cause.api_error.err_code);

/** The server answers that it will not. A 503 is no refusal: there is no leader yet, or no room just now. */
export const isFinalApiError = (cause: unknown): boolean =>
  cause instanceof NatsError && cause.api_error !== undefined && cause.api_error.code !== 503;

/** For catch(), after a question to JetStream: STREAMS_MISSING where it has not got it, BUS_UNAVAILABLE where it cannot say. */
export const toBusError =
  (action: string, {missing, hint}: {missing: string; hint?: string}) =>
  (cause: unknown): never => {
    if (!(cause instanceof NatsError)) throw cause;
    if (isNotFound(cause)) throw new DvtError("STREAMS_MISSING", `${action}: ${missing}; run \`dvt streams apply\``, {cause});
    throw new DvtError("BUS_UNAVAILABLE", `${action}: ${cause.message}${hint ? `; ${hint}` : ""}`, {cause});
  };
