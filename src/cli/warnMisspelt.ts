import {findMisspelt} from "../runtime/misspelt.js";
import {knownNames} from "./knownNames.js";

/** Warns about variables with nearly the name of one of ours, because a misspelt limit has no effect; logs no values. */
export async function warnMisspelt(env: NodeJS.ProcessEnv): Promise<void> {
  const misspelt = findMisspelt(Object.keys(env), knownNames);
  if (misspelt.length === 0) return;
  const {createLogger} = await import("../runtime/logger.js");
  const format = env["LOG_FORMAT"]?.includes("json") ? "json" : "plain";
  const logger = createLogger({role: "dvt", level: "warn", format});
  for (const {name, meant} of misspelt) logger.warn({variable: name, meant}, "unknown variable, ignored: is it misspelt?");
}
