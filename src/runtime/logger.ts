import {type Logger as PinoLogger, pino} from "pino";
import pretty from "pino-pretty";
import {createExitsHook} from "./exitsHook.js";

/** The logger of a process. */
export type Logger = PinoLogger;

type LoggerOptions = {
  role: string;
  level: string;
  format: "plain" | "json";
  /** Takes each line, with its line break, instead of stderr. */
  write?: (line: string) => void;
};

/** Logs JSON lines or plain text to stderr, because stdout is for the output of commands. */
export function createLogger({role, level, format, write}: LoggerOptions): Logger {
  const hooks = {logMethod: createExitsHook(format)};
  const options = {name: role, level, base: {role}, timestamp: pino.stdTimeFunctions.isoTime, hooks};
  if (format === "json") return pino(options, write ? {write} : pino.destination({dest: 2, sync: true}));
  const colorize = process.stderr.isTTY === true;
  const style = {colorize, ignore: "name,role", singleLine: true, translateTime: "SYS:standard"};
  if (!write) return pino(options, pretty({destination: 2, sync: true, ...style}));
  const toText = pretty.prettyFactory(style);
  return pino(options, {write: (line: string) => write(toText(line))});
}
