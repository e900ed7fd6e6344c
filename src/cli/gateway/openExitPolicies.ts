import type {Static} from "typebox";
import type {Clusters} from "../../clusters/clusters.js";
import type {Network} from "../../consensus/networks.js";
import type {DepositRules} from "../../exits/depositRules.js";
import {openExitLog} from "../../policy/exitLog.js";
import {createPolicy, longestWindowMs, type Policy} from "../../policy/policy.js";
import {userPath} from "../../runtime/userPath.js";
import type {GatewayEnv} from "../env/gatewayEnv.js";
import {openExitRules} from "../opening/openExitRules.js";
import type {StartContext} from "../roleProcess.js";

type OpenOptions = StartContext & {
  /** The clusters of the sidecars that the gateway speaks for. */
  clusterIds: readonly string[];
  clusters: Clusters;
  network: Network;
  depositRules: DepositRules;
  config: Static<typeof GatewayEnv>;
  env: NodeJS.ProcessEnv;
  now: number;
};

/**
 * A policy of exits for each of these clusters, with the rules of the environment. Each counts its own exits; one file stores them.
 * Without clusters, nothing is opened. ALLOWED_KEYS_INVALID, STATE_INVALID, FILE_IN_USE.
 */
export async function openExitPolicies(opening: OpenOptions): Promise<(clusterId: string) => Policy | undefined> {
  const {clusters, network, config, env, now, logger, shutdown, waitFor} = opening;
  const clusterIds = [...new Set(opening.clusterIds)];
  if (clusterIds.length === 0) return () => undefined;

  const rules = await openExitRules(opening);
  const path = userPath(config.GATEWAY_STATE_FILE, env);
  const locking = {logger, signal: shutdown.signal, onLost: shutdown.fail};
  const options = {network, isGateway: true, keepMs: longestWindowMs, ...locking} as const;
  const log = await waitFor("the gateway's state", () => openExitLog(path, options, now));
  shutdown.onStop(log.close);
  const signedBy = (clusterId: string) =>
    log.entries.filter(({exit}) => clusters.byPublicKey(exit.publicKey)?.cluster.id === clusterId);
  const policies = new Map(clusterIds.map((id) => [id, createPolicy(rules, {...log, entries: signedBy(id)})]));
  logger.info(
    {
      exits_per_hour: rules.exitsPerHour,
      indexes_per_key_per_day: rules.indexesPerKeyPerDay,
      allowed_keys: rules.allowedKeys?.size ?? "all",
      asks_the_chain: rules.beaconNode !== undefined,
      rotations_per_hour: rules.rotations?.perHour ?? 0,
      shown_within_a_day: log.entries.length,
      clusters: clusterIds,
    },
    "policy of exits",
  );
  return (clusterId) => policies.get(clusterId);
}
