import {loadParticipants} from "../participants/participants.js";
import {parseEnv} from "../runtime/env.js";
import {userPath} from "../runtime/userPath.js";
import {SidecarEnv} from "./env.js";
import {openKeyShares} from "./openKeyShares.js";
import {loadOwnCluster, ownEntry, ownSidecars} from "./ownCluster.js";
import {runRole} from "./roleProcess.js";
import {sidecarRules} from "./sidecarRules.js";
import {startOwnSidecar} from "./startOwnSidecar.js";
import {warnIfSlow} from "./warnIfSlow.js";

/** One sidecar for each share index that the environment names. */
export async function runSidecar(env: NodeJS.ProcessEnv): Promise<void> {
  const config = parseEnv(SidecarEnv, env, sidecarRules);
  await runRole("sidecar", config, async ({logger: common, shutdown}) => {
    const participants = await loadParticipants(userPath(config.PARTICIPANTS_FILE, env), config.NETWORK);
    const entry = ownEntry(participants, config, env);
    const own = ownSidecars(entry, config);
    const cluster = await loadOwnCluster(entry, config);
    warnIfSlow(common);
    const opened = [];
    // One after the other, each on all cores; and all of them before the first takes a request.
    for (const {shareIndex, nkey} of own) {
      const logger = own.length === 1 ? common : common.child({sidecar: `${cluster.id}-${shareIndex}`});
      const keyShares = await openKeyShares(shareIndex, cluster, {config, env, logger});
      opened.push({keyShares, nkey, logger});
    }
    for (const {keyShares, nkey, logger} of opened) {
      await startOwnSidecar({clusterId: cluster.id, nkey, keyShares}, {participants, config, env, logger, shutdown});
    }
  });
}
