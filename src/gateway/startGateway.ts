import type {AddressInfo} from "node:net";
import {DvtError} from "../errors.js";
import type {Shutdown} from "../runtime/shutdown.js";
import {createApp} from "./createApp.js";
import type {Gateway} from "./gateway.js";

type Listening = {readonly host: string; readonly port: number};

/**
 * Answers HTTP; reads `requests`, `exits` and `deposits`; writes `reservations`; publishes REQUESTS as the operators, and
 * EXIT_SHARES as the sidecars, whose nkeys it holds. Returns the port, which the system chooses where it is 0. CONFIG_INVALID where
 * it cannot listen.
 */
export async function startGateway(gateway: Gateway, {host, port}: Listening, shutdown: Shutdown): Promise<number> {
  const app = await createApp(gateway);
  shutdown.onStop(() => app.close());
  try {
    await app.listen({host, port});
  } catch (cause) {
    throw new DvtError("CONFIG_INVALID", `listen on ${host}:${port} (GATEWAY_HOST, GATEWAY_PORT): ${(cause as Error).message}`, {
      cause,
    });
  }
  const address = app.server.address() as AddressInfo;
  gateway.logger.info({host: address.address, port: address.port}, "listening");
  return address.port;
}
