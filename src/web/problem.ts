import {STATUS_CODES} from "node:http";
import {printable} from "../runtime/printable.js";

/** The HTTP status of each problem that a request can be answered with. docs/errors.md has a row for each. */
export const problemStatuses = {
  REQUEST_MALFORMED: 400,
  NOT_AUTHENTICATED: 401,
  NOT_ALLOWED: 403,
  HOST_REFUSED: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  REQUEST_TIMEOUT: 408,
  BODY_TOO_LARGE: 413,
  MEDIA_TYPE_UNSUPPORTED: 415,
  VALIDATORS_REFUSED: 422,
  SHARES_REFUSED: 422,
  VAULT_REFUSED: 422,
  RATE_LIMITED: 429,
  HEADERS_TOO_LARGE: 431,
  INTERNAL: 500,
  NOT_CONFIGURED: 501,
  UNAVAILABLE: 503,
} as const;

export type ProblemCode = keyof typeof problemStatuses;

/** Thrown by a route when the client has to correct something or try again. Clients read the detail: never put a secret into it. */
export class Problem extends Error {
  override name = "Problem";
  readonly code: ProblemCode;
  /** More members of the answer. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: ProblemCode, detail: string, members: Readonly<Record<string, unknown>> = {}) {
    super(detail);
    this.code = code;
    this.members = members;
  }
}

/** The body that answers a problem: https://www.rfc-editor.org/rfc/rfc9457. */
export function problemBody({code, message, members}: Problem, requestId: string) {
  const status = problemStatuses[code];
  return {
    type: "about:blank",
    title: STATUS_CODES[status],
    status,
    detail: printable(message),
    code,
    request_id: requestId,
    ...members,
  };
}
