import {stat} from "node:fs/promises";
import type {CheckedOracles} from "../../oracles/liveOracles.js";
import {agoText} from "../../runtime/agoText.js";
import {userPath} from "../../runtime/userPath.js";
import {withoutWaiting} from "../../runtime/waitFor.js";
import {type OraclesConfig, openOracles} from "../opening/openOracles.js";
import {type Check, createPart, partCheck} from "./check.js";
import {type Context, withCopies} from "./context.js";

/** The oracle set, where it is from, and how old it is. */
export function oraclesCheck(context: Context<OraclesConfig>): Check {
  const {env, shutdown} = context;
  const oracles = createPart<CheckedOracles>("oracle set", async (logger) =>
    openOracles({config: await withCopies(context), env, logger, shutdown, waitFor: withoutWaiting}),
  );
  return partCheck(oracles, async (opened) => {
    const {publicKeys, threshold} = opened.current();
    return `${publicKeys.length} oracles, any ${threshold} of them recover an exit; ${await sourceOf(context, opened)}`;
  });
}

async function sourceOf({config, env}: Context<OraclesConfig>, oracles: CheckedOracles): Promise<string> {
  if (config.ORACLES_CONFIG_FILE === undefined) return `from the chain, read ${agoText(oracles.checkedAgoMs())}`;
  const path = userPath(config.ORACLES_CONFIG_FILE, env);
  return `from ${path}, written ${agoText(Date.now() - (await stat(path)).mtimeMs)}`;
}
