import {pino} from "pino";
import type {Logger} from "../../src/runtime/logger.js";

/** A logger, and what it has logged. */
export function aLogger(): {logger: Logger; logged: Record<string, unknown>[]} {
  const logged: Record<string, unknown>[] = [];
  return {logger: pino({base: null}, {write: (line: string) => void logged.push(JSON.parse(line))}), logged};
}
