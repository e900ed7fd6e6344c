import {randomBytes} from "node:crypto";
import type {Self} from "../../presence/createPresence.js";
import {watchLoopDelay} from "../../runtime/loopDelay.js";
import {fullVersion} from "../version.js";

/** What this process is, in each of its presences: others tell it from processes beside and before it by a random name. */
export const createSelf = (role: Self["role"]): Self => ({
  role,
  instance: randomBytes(4).toString("hex"),
  version: fullVersion,
  loopDelayMs: watchLoopDelay(),
});
