import type {Logger} from "../runtime/logger.js";
import {createShutdown, type Shutdown} from "../runtime/shutdown.js";
import {stopOnSignals} from "./stopOnSignals.js";

/** The shutdown of a process that logs: signals stop it, and what cannot be released is logged. */
export function openShutdown(logger: Logger): Shutdown {
  const shutdown = createShutdown({onError: (error) => logger.error({error: String(error)}, "stop failed")});
  stopOnSignals(shutdown);
  return shutdown;
}
