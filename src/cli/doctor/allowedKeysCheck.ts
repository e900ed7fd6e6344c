import {readAllowedKeys} from "../../policy/allowedKeys.js";
import {countText} from "../../runtime/countText.js";
import {userPath} from "../../runtime/userPath.js";
import {type Check, toCheck} from "./check.js";
import type {Context} from "./context.js";

export const allowedKeysCheck = (file: string, {env}: Pick<Context<unknown>, "env">): Check =>
  toCheck("ALLOWED_KEYS_FILE", async () => countText((await readAllowedKeys(userPath(file, env))).size, "public key"));
