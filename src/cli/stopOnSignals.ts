import type {Shutdown} from "../runtime/shutdown.js";

/** Under npm, one Ctrl+C arrives twice: the terminal sends it to the whole process group, and npm forwards it. */
const twiceMs = 1000;

/** Stops on the first signal, and ends the process on a later one. */
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
