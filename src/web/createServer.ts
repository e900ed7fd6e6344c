import {randomUUID} from "node:crypto";
import {fastify} from "fastify";
import type {TSchema} from "typebox";
import {Compile} from "typebox/schema";
import type {Logger} from "../runtime/logger.js";
import {problemsOf} from "../runtime/problems.js";
import {answerProblem} from "./answerProblem.js";
import {answerUnread} from "./answerUnread.js";
import type {App, Reply, Request} from "./app.js";
import {addJsonBody} from "./jsonBody.js";
import {Problem} from "./problem.js";
import {createRequestLog, routeOf} from "./requestLog.js";
import type {Serving} from "./serving.js";

/** Many times what 1,000 validators of 13 nodes need. */
const bodyLimit = 16 * 1024 * 1024;
const mostProblems = 10;

type ServerOptions = Pick<Serving, "trustedProxies"> & {
  readonly logger: Logger;
  /** Aborted when the process is to end. */
  readonly stopping: AbortSignal;
  /** What became of a request. */
  readonly onAnswered?: (answered: {method: string; route: string; status: number; seconds: number}) => void;
};

/** A server without routes, and without checks of who may ask. It answers every failure with a problem. */
export function createServer({logger, stopping, trustedProxies, onAnswered = () => {}}: ServerOptions): App {
  const log = createRequestLog(logger);
  const app: App = fastify({
    bodyLimit,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    requestTimeout: 30_000,
    keepAliveTimeout: 75_000,
    // How often Node.js checks the timeouts.
    http: {headersTimeout: 10_000, connectionsCheckingInterval: 1000},
    exposeHeadRoutes: false,
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    return503OnClosing: false,
    // A URL that cannot be decoded reaches no route and no hook.
    frameworkErrors: (error, request, reply) => void answerProblem(error, request, reply, log),
    clientErrorHandler: answerUnread,
  });
  addJsonBody(app);
  app.setValidatorCompiler<TSchema>(({schema}) => createValidator(schema));
  app.setSerializerCompiler(() => JSON.stringify);
  app.setErrorHandler((error, request, reply) => answerProblem(error, request, reply, log));
  // Otherwise Node.js leaves the connection open, and the shutdown waits for it.
  app.addHook("onSend", async (_, reply) => void (stopping.aborted && reply.header("connection", "close")));
  app.addHook("onResponse", async (request: Request, reply: Reply) => {
    const {statusCode: status, elapsedTime} = reply;
    onAnswered({...routeOf(request), status, seconds: elapsedTime / 1000});
    log.answered(request, reply);
  });
  return app;
}

function createValidator(schema: TSchema) {
  const compiled = Compile(schema);
  return (value: unknown): {value: unknown} | {error: Error} => {
    if (compiled.Check(value)) return {value};
    const problems = problemsOf(schema, value).slice(0, mostProblems).join("; ");
    return {error: new Problem("REQUEST_MALFORMED", `the request does not fit: ${problems}`)};
  };
}
