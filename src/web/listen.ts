import type {AddressInfo} from "node:net";
import type {Logger} from "../runtime/logger.js";
import type {Shutdown} from "../runtime/shutdown.js";
import {toListenError} from "../runtime/toListenError.js";
import type {App} from "./app.js";
import type {Serving} from "./serving.js";

/** A shutdown takes at most 10 s, and closes the connections to the bus after this step. */
const answeredWithinMs = 5000;

type ListenOptions = Pick<Serving, "host" | "port"> & {
  /** What the address comes from. */
  readonly variables: string;
  readonly logger: Logger;
  readonly shutdown: Shutdown;
};

/**
 * Listens until the shutdown. Returns the port, which the system chooses if it is 0. PORT_UNAVAILABLE if the port is taken or the
 * machine does not have the address, CONFIG_INVALID if it cannot listen for another reason.
 */
export async function listen(app: App, {host, port, variables, logger, shutdown}: ListenOptions): Promise<number> {
  shutdown.onStop(() => closeWithin(app, answeredWithinMs));
  try {
    await app.listen({host, port});
  } catch (cause) {
    throw toListenError(cause, {host, port, variables});
  }
  const address = app.server.address() as AddressInfo;
  logger.info({host: address.address, port: address.port}, "listening");
  return address.port;
}

/** Answers the requests that are under way, and closes the connections of those that take longer. */
async function closeWithin(app: App, ms: number): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), ms);
  await app.close();
  clearTimeout(timer);
}
