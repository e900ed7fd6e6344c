import {loadParticipants} from "../../participants/participants.js";
import {parseEnv} from "../../runtime/env.js";
import {createLogger} from "../../runtime/logger.js";
import {userPath} from "../../runtime/userPath.js";
import {KeysCheckEnv} from "../env/keyShareEnv.js";
import {createProgress} from "../progress.js";
import {terminal} from "../terminal.js";
import {isWhole, toReport, toTable} from "./keysReport.js";
import {keySourceOf} from "./openKeyShares.js";
import {loadOwnCluster, ownEntry, ownSidecars} from "./ownCluster.js";
import {keyShareRules} from "./sidecarRules.js";

/** Runs `dvt keys check`; returns 2 when a key share is missing or a file cannot be used. */
export async function runKeysCheck(
  {json = false, verify}: {json?: boolean; verify: boolean},
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const config = parseEnv(KeysCheckEnv, env, keyShareRules);
  const participants = await loadParticipants(userPath(config.PARTICIPANTS_FILE, env), config.NETWORK);
  const logger = createLogger({role: "keys check", level: "warn", format: "plain"});
  const entry = ownEntry(participants, config, env);
  const own = ownSidecars(entry, config);
  const cluster = await loadOwnCluster(entry, {config, env, verify, logger});
  const opened = [];
  for (const {shareIndex} of own) {
    const source = await keySourceOf(shareIndex, config, env, {
      onProgress: createProgress("keystores").show,
      onExposed: (path) => terminal.err(`dvt: others can read ${path}: run chmod 700 on its folder\n`),
    });
    opened.push(await source.open(cluster));
  }
  const report = toReport(cluster, opened);
  terminal.out(json ? `${JSON.stringify(report, undefined, 2)}\n` : toTable(report));
  return isWhole(report) ? 0 : 2;
}
