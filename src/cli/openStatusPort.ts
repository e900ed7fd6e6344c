import type {Readiness} from "../health/readiness.js";
import type {Metrics} from "../metrics/createMetrics.js";
import type {Logger} from "../runtime/logger.js";
import type {Shutdown} from "../runtime/shutdown.js";
import type {WaitFor} from "../runtime/waitFor.js";

/** The variables of statusEnv. */
export type StatusConfig = {readonly STATUS_PORT?: string; readonly STATUS_HOST: string};

type Options = {
  readonly logger: Logger;
  readonly shutdown: Shutdown;
  readonly waitFor: WaitFor;
  readonly role: string;
  readonly readiness: Readiness;
  readonly registry: Metrics["registry"];
};

/** Answers on STATUS_PORT how the role is, until everything that was opened later is closed. */
export async function openStatusPort({STATUS_PORT, STATUS_HOST: host}: StatusConfig, options: Options): Promise<void> {
  if (STATUS_PORT === undefined) return;
  const {logger, shutdown, waitFor, ...served} = options;
  const port = Number(STATUS_PORT);
  // A role without the port does not load an HTTP server.
  const {startStatusPort} = await import("../health/startStatusPort.js");
  const opened = await waitFor("the status port", () => startStatusPort({host, port, ...served}));
  shutdown.onStop(opened.close);
  logger.info({host, port: opened.port}, "status port open");
}
