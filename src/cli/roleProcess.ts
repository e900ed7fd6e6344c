import {createReadiness, type Readiness} from "../health/readiness.js";
import {addReadiness} from "../metrics/addReadiness.js";
import {createMetrics, type Metrics} from "../metrics/createMetrics.js";
import {parseDurationMs} from "../runtime/duration.js";
import {createLogger, type Logger} from "../runtime/logger.js";
import type {Shutdown} from "../runtime/shutdown.js";
import {untilStopped} from "../runtime/untilStopped.js";
import {createWaitFor, type WaitFor} from "../runtime/waitFor.js";
import {openShutdown} from "./openShutdown.js";
import {openStatusPort, type StatusConfig} from "./openStatusPort.js";
import {commit, version} from "./version.js";

type RoleConfig = StatusConfig & {
  readonly LOG_LEVEL: string;
  readonly LOG_FORMAT: "plain" | "json";
  readonly START_PATIENCE: string;
};

/** What a role starts with; each step that depends on something outside goes through `waitFor`. */
export type StartContext = {readonly logger: Logger; readonly shutdown: Shutdown; readonly waitFor: WaitFor};
export type RoleContext = StartContext & {readonly metrics: Metrics; readonly readiness: Readiness};

/**
 * Starts a role and runs it until SIGINT or SIGTERM, which also interrupt the start. A second signal, one second or more later,
 * ends the process at once. Its status port opens before anything else, and closes last.
 */
export async function runRole(role: string, config: RoleConfig, start: (context: RoleContext) => Promise<void>): Promise<void> {
  const logger = createLogger({role, level: config.LOG_LEVEL, format: config.LOG_FORMAT});
  const shutdown = openShutdown(logger);
  const {signal} = shutdown;
  const readiness = createReadiness({signal});
  const metrics = createMetrics({role, version, commit});
  addReadiness(metrics.registry, readiness);
  const startAll = async (): Promise<void> => {
    const patienceMs = parseDurationMs(config.START_PATIENCE);
    const context = {logger, shutdown, waitFor: createWaitFor({patienceMs, signal, logger, watch: readiness})};
    await openStatusPort(config, {...context, role, readiness, registry: metrics.registry});
    await start({...context, metrics, readiness});
  };
  let hasStarted = false;
  try {
    await untilStopped(signal, startAll());
    readiness.started();
    hasStarted = true;
    if (!signal.aborted) logger.info(`${role} started`);
    await stopped(signal);
  } catch (error) {
    // An AbortError after a signal: the start was waiting when it was stopped.
    if (!signal.aborted || (error as Error).name !== "AbortError") {
      if (!hasStarted)
        logger.info(`\`dvt doctor ${role}\` with these settings shows everything that it needs, and what is not ok`);
      throw error;
    }
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
