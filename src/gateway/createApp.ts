import {randomUUID} from "node:crypto";
import swagger from "@fastify/swagger";
import {type FastifyReply, type FastifyRequest, fastify} from "fastify";
import type {TSchema} from "typebox";
import {Compile} from "typebox/compile";
import {problemsOf} from "../runtime/problems.js";
import {answerProblem} from "./answerProblem.js";
import type {App} from "./app.js";
import type {Caller} from "./caller.js";
import {identify} from "./credentials.js";
import type {Gateway} from "./gateway.js";
import {openApi, withProblem} from "./openApi.js";
import {addConsolidate} from "./operatorApi/consolidate.js";
import {addFund} from "./operatorApi/fund.js";
import {addWithdraw} from "./operatorApi/withdraw.js";
import {Problem} from "./problem.js";
import {addExitSignature} from "./relayerApi/exitSignature.js";
import {addExits} from "./relayerApi/exits.js";
import {addInfo} from "./relayerApi/info.js";
import {addValidators} from "./relayerApi/validators.js";
import {addHealth} from "./status/health.js";
import {addMetrics} from "./status/metrics.js";
import {addOpenApi} from "./status/openApi.js";

/** 1,000 validators of 13 nodes fit many times over. */
const bodyLimit = 16 * 1024 * 1024;
const toldProblems = 10;

/** Every route, behind who may ask; not listening yet. */
export async function createApp(gateway: Gateway): Promise<App> {
  const app: App = fastify({
    bodyLimit,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    requestTimeout: 30_000,
    keepAliveTimeout: 75_000,
    http: {headersTimeout: 10_000},
    exposeHeadRoutes: false,
    return503OnClosing: true,
    // An address that cannot be decoded reaches no route and no hook.
    frameworkErrors: (error, request, reply) => void answerProblem(error, request, reply, gateway.logger),
  });
  // Without it a web page could post without asking first: nothing but JSON is taken.
  app.removeContentTypeParser("text/plain");
  app.setValidatorCompiler<TSchema>(({schema}) => createValidator(schema));
  app.setSerializerCompiler(() => JSON.stringify);
  app.setErrorHandler((error, request, reply) => answerProblem(error, request, reply, gateway.logger));
  app.setNotFoundHandler((request, reply) =>
    answerProblem(new Problem("NOT_FOUND", "there is no such route"), request, reply, gateway.logger),
  );
  app.decorateRequest("caller");
  app.addHook("onRequest", async (request, reply) => admit(gateway, request, reply));
  app.addHook("onResponse", async (request, reply) => note(gateway, request, reply));
  await app.register(swagger, {openapi: openApi, transform: ({schema, url}) => ({schema: withProblem(schema), url})});
  for (const add of [addInfo, addValidators, addExits, addExitSignature, addFund, addWithdraw, addConsolidate]) add(app, gateway);
  for (const add of [addHealth, addMetrics]) add(app, gateway);
  addOpenApi(app);
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

/** Before the body is read: who may not ask does not get 16 MiB of memory. */
async function admit({credentials}: Gateway, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  reply.header("cache-control", "no-store").header("x-request-id", request.id);
  if (request.routeOptions.config.open) return;
  const caller: Caller | undefined = credentials
    ? await identify(credentials, request.headers.authorization, request.method)
    : {as: "anybody"};
  if (!caller) throw new Problem("NOT_AUTHENTICATED", "the Authorization header names nobody who may ask here");
  request.caller = caller;
}

function note({metrics, logger}: Gateway, request: FastifyRequest, {statusCode: status, elapsedTime}: FastifyReply): void {
  const {method, id} = request;
  const route = request.routeOptions.url ?? "none";
  metrics.requestSeconds.observe({method, route, status}, elapsedTime / 1000);
  const fields = {request_id: id, method, route, status, ms: Math.round(elapsedTime)};
  if (status < 400) logger.debug(fields, "request answered");
  else logger.info(fields, "request answered");
}
