import {stat} from "node:fs/promises";
import type {ConfiguredOracles} from "../../oracles/liveOracles.js";
import {agoText} from "../../runtime/agoText.js";
import {userPath} from "../../runtime/userPath.js";
import {withoutWaiting} from "../../runtime/waitFor.js";
import {type OraclesConfig, openOracles} from "../opening/openOracles.js";
import {type Check, createPart, type Part, partCheck} from "./check.js";
import {type Context, withCopies} from "./context.js";

/** StakeWise's oracles. */
export const oraclesPart = (context: Context<OraclesConfig>): Part<ConfiguredOracles> =>
  createPart("oracle set", async (logger) => {
    const {env, shutdown} = context;
    return openOracles({config: await withCopies(context), env, logger, shutdown, waitFor: withoutWaiting});
  });

/** The oracle set, where it is from, and how old it is. */
export const oraclesCheck = (context: Context<OraclesConfig>, part = oraclesPart(context)): Check =>
  partCheck(part, async (opened) => {
    const {publicKeys, threshold} = opened.current();
    return `${publicKeys.length} oracles, any ${threshold} of them recover an exit; ${await sourceOf(context, opened)}`;
  });

async function sourceOf({config, env}: Context<OraclesConfig>, oracles: ConfiguredOracles): Promise<string> {
  if (config.ORACLES_CONFIG_FILE === undefined) return `from the chain, read ${agoText(oracles.checkedAgoMs())}`;
  const path = userPath(config.ORACLES_CONFIG_FILE, env);
  return `from ${path}, written ${agoText(Date.now() - (await stat(path)).mtimeMs)}`;
}
