import {createLogger, type Logger} from "../runtime/logger.js";
import {createShutdown, type Shutdown} from "../runtime/shutdown.js";

type RoleConfig = {readonly LOG_LEVEL: string; readonly LOG_FORMAT: "plain" | "json"};

/** Starts a role and keeps it until SIGINT or SIGTERM; a second signal ends the process at once. */
export async function runRole(
  role: string,
  config: RoleConfig,
  start: (context: {logger: Logger; shutdown: Shutdown}) => Promise<void>,
): Promise<void> {
  const logger = createLogger({role, level: config.LOG_LEVEL, format: config.LOG_FORMAT});
  const shutdown = createShutdown({onError: (error) => logger.error({error: String(error)}, "stop failed")});
  stopOnSignals(shutdown);
  try {
    await start({logger, shutdown});
    logger.info(`${role} started`);
    await stopped(shutdown.signal);
  } finally {
    await shutdown.stop();
  }
  logger.info(`${role} stopped`);
}

export function stopOnSignals(shutdown: Shutdown): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (shutdown.signal.aborted) process.exit(1);
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
