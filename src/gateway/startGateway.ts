import type {AddressInfo} from "node:net";
import {DvtError} from "../errors.js";
import type {Shutdown} from "../runtime/shutdown.js";
import type {Serving} from "./access/serving.js";
import {createApp} from "./createApp.js";
import type {Gateway} from "./gateway.js";
import type {App} from "./http/app.js";

/** A shutdown takes 10 s at most, and the connections to the bus are closed after this. */
const answeredWithinMs = 5000;

/**
 * Answers HTTP; reads `requests`, `exits` and `deposits`; writes `reservations`; publishes REQUESTS as the operators, and
 * EXIT_SHARES as the sidecars, whose nkeys it holds. Returns the port, which the system chooses where it is 0. PORT_UNAVAILABLE where
 * the port is taken or the address not there, CONFIG_INVALID where it cannot listen otherwise.
 */
export async function startGateway(gateway: Gateway, serving: Serving, shutdown: Shutdown): Promise<number> {
  const {host, port} = serving;
  const app = await createApp(gateway, serving);
  shutdown.onStop(() => closeWithin(app, answeredWithinMs));
  try {
    await app.listen({host, port});
  } catch (cause) {
    const {code = "", message} = cause as NodeJS.ErrnoException;
    const mayCome = ["EADDRINUSE", "EADDRNOTAVAIL"].includes(code);
    const problem = `listen on ${host}:${port} (GATEWAY_HOST, GATEWAY_PORT): ${message}`;
    throw new DvtError(mayCome ? "PORT_UNAVAILABLE" : "CONFIG_INVALID", problem, {cause});
  }
  const address = app.server.address() as AddressInfo;
  gateway.logger.info({host: address.address, port: address.port}, "listening");
  return address.port;
}

/** Answers what is under way, and ends the connections whose request does not come to an end by then. */
async function closeWithin(app: App, ms: number): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), ms);
  await app.close();
  clearTimeout(timer);
}
