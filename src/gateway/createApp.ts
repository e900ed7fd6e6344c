import {randomUUID} from "node:crypto";
import swagger from "@fastify/swagger";
import {type FastifyReply, type FastifyRequest, fastify} from "fastify";
import type {TSchema} from "typebox";
import {Compile} from "typebox/schema";
import {problemsOf} from "../runtime/problems.js";
import {addAdmission} from "./access/admit.js";
import type {Serving} from "./access/serving.js";
import {addRoutes} from "./addRoutes.js";
import {describeApi} from "./apiDocument/describeApi.js";
import type {Gateway} from "./gateway.js";
import {answerProblem} from "./http/answerProblem.js";
import {answerUnread} from "./http/answerUnread.js";
import type {App} from "./http/app.js";
import {addJsonBody} from "./http/jsonBody.js";
import {Problem} from "./http/problem.js";

/** Many times what 1,000 validators of 13 nodes need. */
const bodyLimit = 16 * 1024 * 1024;
const mostProblems = 10;

/** The server with every route and the checks of who may ask. It does not listen yet. */
export async function createApp(gateway: Gateway, serving: Serving): Promise<App> {
  const app: App = fastify({
    bodyLimit,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    requestTimeout: 30_000,
    keepAliveTimeout: 75_000,
    // How often Node.js checks the timeouts.
    http: {headersTimeout: 10_000, connectionsCheckingInterval: 1000},
    exposeHeadRoutes: false,
    trustProxy: serving.trustedProxies.length > 0 && [...serving.trustedProxies],
    return503OnClosing: false,
    // A URL that cannot be decoded reaches no route and no hook.
    frameworkErrors: (error, request, reply) => void answerProblem(error, request, reply, gateway.logger),
    clientErrorHandler: answerUnread,
  });
  addJsonBody(app);
  app.setValidatorCompiler<TSchema>(({schema}) => createValidator(schema));
  app.setSerializerCompiler(() => JSON.stringify);
  app.setErrorHandler((error, request, reply) => answerProblem(error, request, reply, gateway.logger));
  await addAdmission(app, gateway, serving);
  // Otherwise Node.js leaves the connection open, and the shutdown waits for it.
  app.addHook("onSend", async (_, reply) => void (gateway.stopping.aborted && reply.header("connection", "close")));
  app.addHook("onResponse", async (request, reply) => record(gateway, request, reply));
  await app.register(swagger, describeApi({hasTokens: gateway.credentials !== undefined}));
  await addRoutes(app, gateway);
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

function record({metrics, logger}: Gateway, request: FastifyRequest, {statusCode: status, elapsedTime}: FastifyReply): void {
  const {method, id} = request;
  const route = request.routeOptions.url ?? "none";
  metrics.requestSeconds.observe({method, route, status}, elapsedTime / 1000);
  const fields = {request_id: id, method, route, status, ms: Math.round(elapsedTime)};
  if (status < 400) logger.debug(fields, "request answered");
  else logger.info(fields, "request answered");
}
