import {isNative} from "../../ecies/ecies.js";
import type {Logger} from "../../runtime/logger.js";

/** Warns when encryption falls back to JavaScript. */
export function warnIfSlow(logger: Logger): void {
  if (!isNative) logger.warn("the native secp256k1 module cannot be loaded here: encryption is about a hundred times slower");
}
