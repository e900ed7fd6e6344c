import {DvtError, dispositionOf} from "../errors.js";
import type {Reply, Request} from "./app.js";
import {Problem, problemBody} from "./problem.js";
import type {RequestLog} from "./requestLog.js";

const longestReason = 200;

/** Turns any error into a problem. Details that clients must not see are in the log only. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof DvtError && error.code === "REGISTRY_INCOMPLETE") return new Problem("UNAVAILABLE", error.message);
  // It names accounts of the chain alone.
  if (error instanceof DvtError && error.code === "VALIDATORS_MANAGER_WRONG") return new Problem("VAULT_REFUSED", error.message);
  if (error instanceof DvtError && (dispositionOf(error) === "retry" || isOfAnotherChain(error))) {
    return new Problem("UNAVAILABLE", `a server that this one needs does not answer (${error.code}); try again`);
  }
  // The framework's own sentences may quote the request.
  const {statusCode = 500} = (error ?? {}) as {statusCode?: number};
  if (statusCode === 413) return new Problem("BODY_TOO_LARGE", "the body is longer than 16 MiB; post fewer at once");
  if (statusCode === 415) return new Problem("MEDIA_TYPE_UNSUPPORTED", "send JSON, as application/json");
  if (statusCode >= 400 && statusCode < 500)
    return new Problem("REQUEST_MALFORMED", "the request cannot be read; is its body JSON?");
  return new Problem("INTERNAL", "this is a bug of this server; its log has more under this request_id");
}

/** An endpoint was right when the process started, and may be right again: the log names it. */
const isOfAnotherChain = ({code}: DvtError): boolean =>
  code === "EXECUTION_CHAIN_MISMATCH" || code === "CONSENSUS_CHAIN_MISMATCH";

/** The detail is also the reason phrase, which is all that some clients log. */
export function answerProblem(error: unknown, request: Request, reply: Reply, log: Pick<RequestLog, "failed">): Reply {
  const problem = toProblem(error);
  const body = problemBody(problem, request.id);
  const {status, detail} = body;
  if (status >= 500) log.failed(request, error, problem);
  reply.raw.statusMessage = detail.slice(0, longestReason);
  if (status === 401) reply.header("www-authenticate", 'Bearer, Basic realm="dvt"');
  if (status === 503) reply.header("retry-after", "5");
  return reply.code(status).type("application/problem+json").send(body);
}
