import {DvtError} from "../errors.js";
import type {Logger} from "../runtime/logger.js";
import {createWaitLog} from "../runtime/waitLog.js";
import type {Reply, Request} from "./app.js";
import type {Problem} from "./problem.js";

/** The log of a server's requests. */
export type RequestLog = {
  /** It failed through no fault of the client. */
  failed(request: Request, error: unknown, problem: Problem): void;
  answered(request: Request, reply: Reply): void;
};

/** The route of a request; "none" where nothing is served. */
export const routeOf = ({method, routeOptions}: Request) => ({method, route: routeOptions.url ?? "none"});
const nameOf = (request: Request): string => Object.values(routeOf(request)).join(" ");

/** Each bug is logged by its request. Clients poll, so what a server that is away causes is logged for each route and code as it goes on. */
export function createRequestLog(logger: Logger): RequestLog {
  const failing = createWaitLog(logger, {
    begins: "requests fail",
    goesOn: "requests still fail",
    ends: "no request fails for this reason any more",
  });
  return {
    failed(request, error, problem) {
      const request_id = request.id;
      const {message, stack} = error instanceof Error ? error : {message: String(error), stack: undefined};
      if (problem.code === "INTERNAL") {
        logger.error({request_id, error: stack ?? message}, "request failed");
        return;
      }
      const code = error instanceof DvtError ? error.code : problem.code;
      failing.waits(nameOf(request), {...routeOf(request), code}, message, () => ({request_id}));
    },
    answered(request, reply) {
      const {statusCode: status, elapsedTime} = reply;
      const fields = {request_id: request.id, ...routeOf(request), status, ms: Math.round(elapsedTime)};
      if (status < 400) failing.settled(nameOf(request));
      if (status >= 400 && status < 500) logger.info(fields, "request answered");
      else logger.debug(fields, "request answered");
    },
  };
}
