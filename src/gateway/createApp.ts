import swagger from "@fastify/swagger";
import type {App} from "../web/app.js";
import {createServer} from "../web/createServer.js";
import type {Serving} from "../web/serving.js";
import {addCallers} from "./access/addCallers.js";
import {addRoutes} from "./addRoutes.js";
import {describeApi} from "./apiDocument/describeApi.js";
import type {Gateway} from "./gateway.js";

/** The server with every route and the checks of who may ask. It does not listen yet. */
export async function createApp(gateway: Gateway, serving: Serving): Promise<App> {
  const {logger, stopping, metrics} = gateway;
  const app = createServer({
    logger,
    stopping,
    trustedProxies: serving.trustedProxies,
    onAnswered: ({seconds, ...labels}) => metrics.requestSeconds.observe(labels, seconds),
  });
  await addCallers(app, gateway, serving);
  await app.register(swagger, describeApi({hasTokens: gateway.credentials !== undefined}));
  await addRoutes(app, gateway);
  return app;
}
