import {addMessageCounts} from "../../metrics/addMessageCounts.js";
import {parseEnv} from "../../runtime/env.js";
import {SidecarEnv} from "../env/sidecarEnv.js";
import {createSelf} from "../opening/createSelf.js";
import {openFiles} from "../opening/liveFiles.js";
import {runRole} from "../roleProcess.js";
import {followCluster} from "./followCluster.js";
import {openKeyShares} from "./openKeyShares.js";
import {expectType, ownEntry, ownSidecars} from "./ownCluster.js";
import {sidecarRules} from "./sidecarRules.js";
import {startOwnSidecar} from "./startOwnSidecar.js";
import {warnIfSlow} from "./warnIfSlow.js";

/** Runs `dvt sidecar`: one sidecar for each configured share index. */
export async function runSidecar({verify}: {verify: boolean}, env: NodeJS.ProcessEnv): Promise<void> {
  const config = parseEnv(SidecarEnv, env, sidecarRules);
  await runRole("sidecar", config, async ({logger: common, shutdown, waitFor, metrics, readiness}) => {
    const files = await openFiles({
      config,
      env,
      verify,
      logger: common,
      shutdown,
      waitFor,
      entriesOf: (participants) => {
        const entry = ownEntry(participants, config, env);
        ownSidecars(entry, config);
        return [entry];
      },
    });
    const entry = ownEntry(files.participants(), config, env);
    const own = ownSidecars(entry, config);
    const current = () => files.clusters.byId(entry.id);
    const cluster = expectType(current(), entry, config);
    warnIfSlow(common);
    const opened = [];
    // One after the other, because each uses all cores; all before the first one handles a request.
    for (const {shareIndex, nkey} of own) {
      const logger = own.length === 1 ? common : common.child({sidecar: `${cluster.id}-${shareIndex}`});
      opened.push({...(await openKeyShares(shareIndex, cluster, {config, env, logger, waitFor})), nkey, logger});
    }
    const counts = addMessageCounts(metrics.registry);
    const self = createSelf("sidecar");
    const reload = followCluster(files, current, opened);
    for (const {keyShares, nkey, logger} of opened) {
      await startOwnSidecar(
        {clusterId: cluster.id, nkey, keyShares, reload, self},
        {files, config, env, logger, shutdown, waitFor, counts, readiness},
      );
    }
  });
}
