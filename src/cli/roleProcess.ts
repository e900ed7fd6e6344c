import {createMetrics, type Metrics} from "../metrics/createMetrics.js";
import {parseDurationMs} from "../runtime/duration.js";
import {createLogger, type Logger} from "../runtime/logger.js";
import {createShutdown, type Shutdown} from "../runtime/shutdown.js";
import {untilStopped} from "../runtime/untilStopped.js";
import {createWaitFor, type WaitFor} from "../runtime/waitFor.js";
import {stopOnSignals} from "./stopOnSignals.js";

type RoleConfig = {readonly LOG_LEVEL: string; readonly LOG_FORMAT: "plain" | "json"; readonly START_PATIENCE: string};

/** What a role starts with; each step that depends on something outside goes through `waitFor`. */
export type StartContext = {readonly logger: Logger; readonly shutdown: Shutdown; readonly waitFor: WaitFor};
type RoleContext = StartContext & {readonly metrics: Metrics};

/**
 * Starts a role and runs it until SIGINT or SIGTERM, which also interrupt the start. A second signal, one second or more later,
 * ends the process at once.
 */
export async function runRole(role: string, config: RoleConfig, start: (context: RoleContext) => Promise<void>): Promise<void> {
  const logger = createLogger({role, level: config.LOG_LEVEL, format: config.LOG_FORMAT});
  const shutdown = createShutdown({onError: (error) => logger.error({error: String(error)}, "stop failed")});
  stopOnSignals(shutdown);
  try {
    const waitFor = createWaitFor({patienceMs: parseDurationMs(config.START_PATIENCE), signal: shutdown.signal, logger});
    await untilStopped(shutdown.signal, start({logger, shutdown, waitFor, metrics: createMetrics()}));
    if (!shutdown.signal.aborted) logger.info(`${role} started`);
    await stopped(shutdown.signal);
  } catch (error) {
    // An AbortError after a signal: the start was waiting when it was stopped.
    if (!shutdown.signal.aborted || (error as Error).name !== "AbortError") throw error;
  } finally {
    await shutdown.stop();
  }
  if (shutdown.failure) throw shutdown.failure;
  logger.info(`${role} stopped`);
}

const stopped = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    // Keeps the process alive while all connections are down for a moment.
    const alive = setInterval(() => {}, 1 << 30);
    signal.addEventListener("abort", () => {
      clearInterval(alive);
      resolve();
    });
  });
