import {isNative} from "../../ecies/ecies.js";
import type {Logger} from "../../runtime/logger.js";

export function warnIfSlow(logger: Logger): void {
  if (!isNative) logger.warn("the native secp256k1 module does not load here: encryption is some hundred times slower");
}
