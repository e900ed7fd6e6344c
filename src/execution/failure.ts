import {BaseError, BlockNotFoundError, HttpRequestError, ResponseBodyTooLargeError, RpcRequestError, TimeoutError} from "viem";
import {DvtError} from "../errors.js";
import {describeFailure} from "../http/failure.js";

/** What may help: requesting less, retrying later, or only another endpoint. */
export type Remedy = "less" | "later" | "another";

/**
 * The failure of an endpoint, named by its host only: path, query and login of its URL may be keys, and its own messages may
 * quote them.
 */
export class EndpointError extends DvtError {
  readonly host: string;
  readonly reason: string;
  readonly remedy: Remedy;

  constructor(host: string, reason: string, remedy: Remedy = "another") {
    super("EXECUTION_UNAVAILABLE", `ask execution endpoint ${host}: ${reason}`);
    this.host = host;
    this.reason = reason;
    this.remedy = remedy;
  }

  /** The same failure, naming the request. */
  whileAsking(what: string): EndpointError {
    return new EndpointError(this.host, `${what}: ${this.reason}`, this.remedy);
  }
}

/** Converts an error of viem, which is not kept as the cause because it quotes the URL. */
export function toEndpointError(host: string, error: unknown): EndpointError {
  const failed = (reason: string, remedy?: Remedy): EndpointError => new EndpointError(host, reason, remedy);
  const root = error instanceof BaseError ? error.walk(isOfTransport) : undefined;
  if (root instanceof TimeoutError) return failed("it does not answer in time", "less");
  if (root instanceof ResponseBodyTooLargeError) return failed("its answer is too long", "less");
  if (root instanceof RpcRequestError)
    return failed(`it answers error ${codeText(root.code)}`, remedyOfCode(root.code, root.status));
  if (root instanceof HttpRequestError) {
    if (root.status !== undefined) return failed(`it answers ${root.status}`, remedyOfStatus(root.status));
    const cause = causeOf(root);
    if (cause instanceof SyntaxError) return failed("its answer is not JSON; is it the URL of an execution node?");
    return failed(describeFailure(causeOf(cause)));
  }
  return failed(error instanceof BlockNotFoundError ? "it does not have that block" : "its answer is not what was requested");
}

const isOfTransport = (error: unknown): boolean =>
  [TimeoutError, ResponseBodyTooLargeError, RpcRequestError, HttpRequestError].some((type) => error instanceof type);

const causeOf = (error: unknown): unknown => (error instanceof Error ? error.cause : undefined);

/** A node may put anything there. */
const codeText = (code: unknown): string => (Number.isSafeInteger(code) ? String(code) : "without a number");

const methodNotFound = -32601;
/** QuickNode's code for too many requests in a second. */
const tooManyRequests = -32007;

/** Providers refuse too large requests with codes of their own, so almost any error code may mean that. */
function remedyOfCode(code: number, status: number | undefined): Remedy {
  if (status === 429 || code === 429 || code === tooManyRequests) return "later";
  if (status === 401 || status === 403 || code === methodNotFound) return "another";
  return "less";
}

function remedyOfStatus(status: number): Remedy {
  if (status === 429) return "later";
  return [400, 408, 413, 504].includes(status) ? "less" : "another";
}
