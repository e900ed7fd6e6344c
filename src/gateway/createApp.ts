import {randomUUID} from "node:crypto";
import swagger from "@fastify/swagger";
import {type FastifyReply, type FastifyRequest, fastify} from "fastify";
import type {TSchema} from "typebox";
import {Compile} from "typebox/compile";
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

/** 1,000 validators of 13 nodes fit many times over. */
const bodyLimit = 16 * 1024 * 1024;
const toldProblems = 10;

/** Every route, behind who may ask; not listening yet. */
export async function createApp(gateway: Gateway, serving: Serving): Promise<App> {
  const app: App = fastify({
    bodyLimit,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    requestTimeout: 30_000,
    keepAliveTimeout: 75_000,
    // The timeouts are looked at so often.
    http: {headersTimeout: 10_000, connectionsCheckingInterval: 1000},
    exposeHeadRoutes: false,
    trustProxy: serving.trustedProxies.length > 0 && [...serving.trustedProxies],
    return503OnClosing: false,
    // An address that cannot be decoded reaches no route and no hook.
    frameworkErrors: (error, request, reply) => void answerProblem(error, request, reply, gateway.logger),
    clientErrorHandler: answerUnread,
  });
  addJsonBody(app);
  app.setValidatorCompiler<TSchema>(({schema}) => createValidator(schema));
  app.setSerializerCompiler(() => JSON.stringify);
  app.setErrorHandler((error, request, reply) => answerProblem(error, request, reply, gateway.logger));
  await addAdmission(app, gateway, serving);
  // Node.js leaves the connection open otherwise, which the end would wait for.
  app.addHook("onSend", async (_, reply) => void (gateway.stopping.aborted && reply.header("connection", "close")));
  app.addHook("onResponse", async (request, reply) => note(gateway, request, reply));
  await app.register(swagger, describeApi({hasTokens: gateway.credentials !== undefined}));
  await addRoutes(app, gateway);
  return app;
}

function createValidator(schema: TSchema) {
  const compiled = Compile(schema);
  return (value: unknown): {value: unknown} | {error: Error} => {
    if (compiled.Check(value)) return {value};
    const told = problemsOf(schema, value).slice(0, toldProblems).join("; ");
    return {error: new Problem("REQUEST_MALFORMED", `the request does not fit: ${told}`)};
  };
}

function note({metrics, logger}: Gateway, request: FastifyRequest, {statusCode: status, elapsedTime}: FastifyReply): void {
  const {method, id} = request;
  const route = request.routeOptions.url ?? "none";
  metrics.requestSeconds.observe({method, route, status}, elapsedTime / 1000);
  const fields = {request_id: id, method, route, status, ms: Math.round(elapsedTime)};
  if (status < 400) logger.debug(fields, "request answered");
  else logger.info(fields, "request answered");
}
