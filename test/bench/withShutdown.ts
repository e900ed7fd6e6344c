import {stopOnSignals} from "../../src/cli/stopOnSignals.js";
import {createShutdown, type Shutdown} from "../../src/runtime/shutdown.js";

type Context = {shutdown: Shutdown; announce: (step: string) => void};

/** Somebody asked to stop. */
export class Interrupted extends Error {}

/** Does the work and ends all that it started, also when it fails or is interrupted. */
export async function withShutdown<T>(work: (context: Context) => Promise<T>): Promise<T> {
  const shutdown = createShutdown({graceMs: 60_000, onError: (error) => process.stderr.write(`bench: ${String(error)}\n`)});
  stopOnSignals(shutdown);
  const announce = (step: string): void => {
    shutdown.signal.throwIfAborted();
    process.stderr.write(`• ${step}\n`);
  };
  const interrupted = new Promise<never>((_, reject) => {
    shutdown.signal.addEventListener("abort", () => reject(new Interrupted("interrupted")), {once: true});
  });
  interrupted.catch(() => {});
  try {
    return await Promise.race([work({shutdown, announce}), interrupted]);
  } finally {
    await shutdown.stop();
  }
}
