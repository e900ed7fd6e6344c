import {createRequire} from "node:module";
import {type Logger as PinoLogger, pino} from "pino";
import type Pretty from "pino-pretty";
import {createExitsHook} from "./exitsHook.js";

/** The logger of a process. */
export type Logger = PinoLogger;

/** Logs JSON lines or plain text to stderr, because stdout is for the output of commands. */
export function createLogger({role, level, format}: {role: string; level: string; format: "plain" | "json"}): Logger {
  const hooks = {logMethod: createExitsHook(format)};
  const options = {name: role, level, base: {role}, timestamp: pino.stdTimeFunctions.isoTime, hooks};
  if (format === "json") return pino(options, pino.destination({dest: 2, sync: true}));
  const pretty: typeof Pretty = createRequire(import.meta.url)("pino-pretty");
  const colorize = process.stderr.isTTY === true;
  return pino(
    options,
    pretty({destination: 2, sync: true, colorize, ignore: "name,role", singleLine: true, translateTime: "SYS:standard"}),
  );
}
