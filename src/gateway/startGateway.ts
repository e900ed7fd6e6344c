import type {Shutdown} from "../runtime/shutdown.js";
import {listen} from "../web/listen.js";
import type {Serving} from "../web/serving.js";
import {createApp} from "./createApp.js";
import type {Gateway} from "./gateway.js";

/**
 * Answers HTTP; reads `requests`, `orders`, `exits` and `deposits`; writes `reservations`; publishes REQUESTS as the operators, and
 * EXIT_SHARES as the sidecars, whose nkeys it holds. Returns the port. PORT_UNAVAILABLE, CONFIG_INVALID.
 */
export async function startGateway(gateway: Gateway, serving: Serving, shutdown: Shutdown): Promise<number> {
  const app = await createApp(gateway, serving);
  // Registered before the server, so released after it: nobody is served any more.
  shutdown.onStop(() => Promise.all([...gateway.operators.keys()].map((operatorId) => gateway.receiptsOf(operatorId)?.stop())));
  return listen(app, {...serving, variables: "GATEWAY_HOST, GATEWAY_PORT", logger: gateway.logger, shutdown});
}
