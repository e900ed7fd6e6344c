import {loadCluster} from "../clusters/clusters.js";
import {networks} from "../consensus/networks.js";
import {DvtError} from "../errors.js";
import {loadObolKeystores} from "../keys/obolKeystores.js";
import {type ClusterEntry, loadParticipants, type Participants} from "../participants/participants.js";
import {parseEnv} from "../runtime/env.js";
import {createTally} from "../runtime/tally.js";
import {userPath} from "../runtime/userPath.js";
import {startSidecar} from "../sidecar/startSidecar.js";
import {connectAs} from "./connectAs.js";
import {SidecarEnv} from "./env.js";
import {openPolicy} from "./openPolicy.js";
import {createProgress} from "./progress.js";
import {runRole} from "./roleProcess.js";
import {warnIfSlow} from "./warnIfSlow.js";

export async function runSidecar(env: NodeJS.ProcessEnv): Promise<void> {
  const config = parseEnv(SidecarEnv, env);
  await runRole("sidecar", config, async ({logger, shutdown}) => {
    const network = networks[config.NETWORK];
    const participants = await loadParticipants(userPath(config.PARTICIPANTS_FILE, env), network.name);
    const entry = ownCluster(participants, config.CLUSTER_ID);
    const shareIndex = Number(config.OBOL_NODE_INDEX) + 1;
    const listed = entry.sidecars.find((it) => it.shareIndex === shareIndex);
    if (!listed) {
      throw new DvtError(
        "CONFIG_INVALID",
        `OBOL_NODE_INDEX is ${config.OBOL_NODE_INDEX}, but cluster ${entry.id} lists no share index ${shareIndex}`,
      );
    }
    const cluster = await loadCluster({...entry, definition: userPath(config.OBOL_CLUSTER_LOCK_FILE, env)}, network.name);
    const progress = createProgress("keystores");
    const keyShares = await loadObolKeystores({
      directory: userPath(config.OBOL_KEYSTORES_DIR, env),
      cluster,
      shareIndex,
      onProgress: progress.show,
      onExposed: (path) => logger.warn({path}, "others can read the keystores' passwords: chmod 700 their folder"),
    });
    logger.info(
      {
        cluster_id: cluster.id,
        share_index: shareIndex,
        key_shares: keyShares.publicKeys.size,
        validators: cluster.validators.size,
      },
      "keystores loaded",
    );
    warnIfSlow(logger);
    const withdrawalAddressOf = (key: string): string | undefined => cluster.validators.get(key)?.withdrawalAddress;
    const own = {network, clusterId: cluster.id, shareIndex};
    const policies = await openPolicy(own, {config, env, logger, shutdown, withdrawalAddressOf});
    const bus = await connectAs(`sidecar-${cluster.id}-${shareIndex}`, listed.nkey, {participants, config, env, logger});
    shutdown.onStop(bus.close);
    const [aggregatorKey] = participants.aggregatorKeys as [Uint8Array];
    const signed = createTally(logger, "exits signed");
    shutdown.onStop(signed.stop);
    await startSidecar({network, clusterId: cluster.id, keyShares, ...policies, aggregatorKey, bus, logger, signed}, shutdown);
  });
}

function ownCluster({clusters}: Participants, id: string | undefined): ClusterEntry {
  const named = id === undefined ? clusters : clusters.filter((cluster) => cluster.id === id);
  const [only] = named;
  if (only && named.length === 1) return only;
  const ids = clusters.map((cluster) => cluster.id).join(", ");
  throw new DvtError(
    "CONFIG_INVALID",
    id === undefined ? `CLUSTER_ID is not set: it is one of ${ids}` : `CLUSTER_ID is ${id}: participants.json has ${ids}`,
  );
}
