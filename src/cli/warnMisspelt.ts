import {findMisspelt} from "../runtime/misspelt.js";
import {knownNames} from "./knownNames.js";

/** Warns of variables whose names are nearly ours: a limit that is misspelt has no effect. Values are not logged. */
export async function warnMisspelt(env: NodeJS.ProcessEnv): Promise<void> {
  const misspelt = findMisspelt(Object.keys(env), knownNames);
  if (misspelt.length === 0) return;
  const {createLogger} = await import("../runtime/logger.js");
  const format = env["LOG_FORMAT"]?.includes("json") ? "json" : "plain";
  const logger = createLogger({role: "dvt", level: "warn", format});
  for (const {name, meant} of misspelt)
    logger.warn({variable: name, meant}, "this variable is not known and not read: is it misspelt?");
}
