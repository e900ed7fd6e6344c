/** A request without an answer. Its message names the failure and quotes nothing of the URL, the request or the answer. */
export class HttpError extends Error {}

/** An answer longer than the caller reads. */
export class AnswerTooLongError extends HttpError {
  constructor() {
    super("its answer is too long");
  }
}

const unknownAuthority = "its certificate is of an unknown authority";
const brokenOff = "the connection broke off";
const late = "it does not answer in time";

/** The codes of Node.js, OpenSSL and undici, in words. */
const phrases: Readonly<Record<string, string>> = {
  ECONNREFUSED: "it cannot be reached: connection refused",
  ENOTFOUND: "it cannot be reached: name not found",
  EAI_AGAIN: "it cannot be reached: the name server does not answer",
  EHOSTUNREACH: "it cannot be reached: no route",
  ENETUNREACH: "it cannot be reached: no route",
  ETIMEDOUT: "it cannot be reached: no connection in time",
  UND_ERR_CONNECT_TIMEOUT: "it cannot be reached: no connection in time",
  UND_ERR_HEADERS_TIMEOUT: late,
  UND_ERR_BODY_TIMEOUT: late,
  ECONNRESET: brokenOff,
  EPIPE: brokenOff,
  UND_ERR_SOCKET: brokenOff,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: brokenOff,
  Z_BUF_ERROR: brokenOff,
  CERT_HAS_EXPIRED: "its certificate has expired",
  CERT_NOT_YET_VALID: "its certificate is not valid yet",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is of another host",
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownAuthority,
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  ERR_SSL_WRONG_VERSION_NUMBER: "it does not speak TLS",
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: "it asks for a client certificate",
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: "it refuses the TLS connection",
};

/** Why there was no answer, by the code of the error; the code itself is for whoever searches for it. */
export function describeFailure(error: unknown): string {
  const {name, code} = (error ?? {}) as {name?: unknown; code?: unknown};
  if (name === "TimeoutError") return late;
  if (name === "AbortError" || typeof code !== "string") return "it cannot be read";
  return `${phrases[code] ?? "it cannot be reached"} (${code})`;
}

/** An HttpError for whatever undici, the socket or the decoder threw. */
export const toHttpError = (error: unknown): HttpError =>
  error instanceof HttpError ? error : new HttpError(describeFailure(error), {cause: error});
