import type {Static} from "typebox";
import type {Network} from "../../consensus/networks.js";
import type {DepositRules} from "../../exits/depositRules.js";
import {createDepositPolicy, type DepositPolicy} from "../../policy/depositPolicy.js";
import {openExitLog} from "../../policy/exitLog.js";
import {createPolicy, longestWindowMs, type Policy} from "../../policy/policy.js";
import {userPath} from "../../runtime/userPath.js";
import type {SidecarEnv} from "../env/sidecarEnv.js";
import {openExitRules} from "../opening/openExitRules.js";
import type {StartContext} from "../roleProcess.js";

type SidecarId = {network: Network; clusterId: string; shareIndex: number};
type Policies = {policy: Policy; depositPolicy: DepositPolicy};
type Context = StartContext & {
  depositRules: DepositRules;
  config: Static<typeof SidecarEnv>;
  env: NodeJS.ProcessEnv;
  now: number;
};

/** The sidecar's policies for exits and deposits, from its environment. */
export async function openPolicy(
  id: SidecarId,
  {config, env, logger, shutdown, waitFor, depositRules, now}: Context,
): Promise<Policies> {
  const rules = await openExitRules({network: id.network, config, env, logger, shutdown, waitFor, depositRules});
  const lockOptions = {logger, signal: shutdown.signal, onLost: shutdown.fail};
  const path = userPath(config.SIDECAR_STATE_FILE, env);
  const log = await waitFor("the sidecar's state", () =>
    openExitLog(path, {...id, keepMs: longestWindowMs, ...lockOptions}, now),
  );
  shutdown.onStop(log.close);
  logger.info(
    {
      exits_per_hour: rules.exitsPerHour,
      indexes_per_key_per_day: rules.indexesPerKeyPerDay,
      allowed_keys: rules.allowedKeys?.size ?? "all",
      allowed_vaults: depositRules.allowedVaults?.size ?? "as the cluster lock says",
      asks_the_chain: rules.beaconNode !== undefined,
      rotations_per_hour: rules.rotations?.perHour ?? 0,
      signed_within_a_day: log.entries.length,
      keys_with_credentials: log.credentials.size,
    },
    "policy",
  );
  return {
    policy: createPolicy(rules, log),
    depositPolicy: createDepositPolicy(depositRules, log),
  };
}
