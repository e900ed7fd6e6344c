import {createMetrics, type Metrics} from "../metrics/createMetrics.js";
import {parseDurationMs} from "../runtime/duration.js";
import {createLogger, type Logger} from "../runtime/logger.js";
import {createShutdown, type Shutdown} from "../runtime/shutdown.js";
import {untilStopped} from "../runtime/untilStopped.js";
import {createWaitFor, type WaitFor} from "../runtime/waitFor.js";

type RoleConfig = {readonly LOG_LEVEL: string; readonly LOG_FORMAT: "plain" | "json"; readonly START_PATIENCE: string};

/** What a role is started with: each step that may have to wait for something goes through `waitFor`. */
export type Starting = {readonly logger: Logger; readonly shutdown: Shutdown; readonly waitFor: WaitFor};
type StartingRole = Starting & {readonly metrics: Metrics};

/**
 * Starts a role and keeps it until SIGINT or SIGTERM, which end a start at once, whatever it waits for; another one a second later
 * or more ends the process at once.
 */
export async function runRole(role: string, config: RoleConfig, start: (starting: StartingRole) => Promise<void>): Promise<void> {
  const logger = createLogger({role, level: config.LOG_LEVEL, format: config.LOG_FORMAT});
  const shutdown = createShutdown({onError: (error) => logger.error({error: String(error)}, "stop failed")});
  stopOnSignals(shutdown);
  try {
    const waitFor = createWaitFor({patienceMs: parseDurationMs(config.START_PATIENCE), signal: shutdown.signal, logger});
    await untilStopped(shutdown.signal, start({logger, shutdown, waitFor, metrics: createMetrics()}));
    if (!shutdown.signal.aborted) logger.info(`${role} started`);
    await stopped(shutdown.signal);
  } catch (error) {
    // It waited for something as it was asked to stop.
    if (!shutdown.signal.aborted || (error as Error).name !== "AbortError") throw error;
  } finally {
    await shutdown.stop();
  }
  if (shutdown.failure) throw shutdown.failure;
  logger.info(`${role} stopped`);
}

/** One Ctrl+C comes twice where npm runs us: the terminal sends it to all of the group, and npm passes it on. */
const twiceMs = 1000;

export function stopOnSignals(shutdown: Shutdown, signals: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM"]): void {
  let firstAt: number | undefined;
  for (const signal of signals) {
    process.on(signal, () => {
      firstAt ??= performance.now();
      if (performance.now() - firstAt >= twiceMs) process.exit(1);
      void shutdown.stop();
    });
  }
}

const stopped = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    // Held open: a role whose connections are all away for a moment goes on waiting.
    const alive = setInterval(() => {}, 1 << 30);
    signal.addEventListener("abort", () => {
      clearInterval(alive);
      resolve();
    });
  });
