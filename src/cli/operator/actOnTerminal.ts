import {DvtError} from "../../errors.js";
import {createLogger, type Logger} from "../../runtime/logger.js";
import {withoutWaiting} from "../../runtime/waitFor.js";
import {openShutdown} from "../openShutdown.js";
import type {StartContext} from "../roleProcess.js";
import {terminal} from "../terminal.js";

type Acting = {
  /** Of the command. */
  readonly name: string;
  /** Whether it asks before it signs and sends. */
  readonly asks: boolean;
  readonly config: {readonly LOG_LEVEL: Logger["level"]; readonly LOG_FORMAT: "plain" | "json"};
};

/** Exit statuses of commands that act for a vault: done; refused by a person or the rules; not now. */
export const [done, refused, later] = [0, 2, 75] as const;

/**
 * Runs a command that acts for a vault, until it ends or is stopped, and returns its exit status. USAGE if it asks, and there is no
 * terminal.
 */
export async function actOnTerminal(
  {name, asks, config}: Acting,
  act: (context: StartContext) => Promise<number>,
): Promise<number> {
  if (asks && !terminal.canAsk()) throw new DvtError("USAGE", `${name}: there is no terminal to ask on; call it with --yes`);
  const logger = createLogger({role: "operator", level: config.LOG_LEVEL, format: config.LOG_FORMAT, write: terminal.log});
  const shutdown = openShutdown(logger);
  try {
    return await act({logger, shutdown, waitFor: withoutWaiting});
  } catch (error) {
    if (!shutdown.signal.aborted || shutdown.failure) throw shutdown.failure ?? error;
    terminal.err("stopped\n");
    return later;
  } finally {
    await shutdown.stop();
  }
}

/** Whether the user says yes. */
export const agrees = async (question: string): Promise<boolean> => /^y(es)?$/i.test(await terminal.ask(`${question} (y/N) `));
