import type {Static} from "typebox";
import type {Network} from "../../consensus/networks.js";
import type {Logger} from "../../runtime/logger.js";
import type {Shutdown} from "../../runtime/shutdown.js";
import {userPath} from "../../runtime/userPath.js";
import {loadVaultRules} from "../../vaults/loadVaultRules.js";
import type {ValidatorsManager} from "../../vaults/validatorsManager.js";
import type {GatewayEnv} from "../env/gateway.js";

type Opening = {
  config: Readonly<Static<typeof GatewayEnv>>;
  env: NodeJS.ProcessEnv;
  network: Network;
  logger: Logger;
  shutdown: Shutdown;
};

/**
 * The validators manager, where the environment has one's key: KEYSTORE_INVALID, KEYSTORE_PASSWORD_WRONG, KEY_FILE_EXPOSED,
 * VAULT_RULES_INVALID, EXECUTION_UNAVAILABLE, EXECUTION_CHAIN_MISMATCH.
 */
export async function openManager({config, env, network, logger, shutdown}: Opening): Promise<ValidatorsManager | undefined> {
  const {VALIDATORS_MANAGER_KEY_FILE: keyFile, VALIDATORS_MANAGER_PASSWORD_FILE: passwordFile} = config;
  const {VALIDATORS_MANAGER_RULES_FILE: rulesFile, EXECUTION_ENDPOINT: endpoints} = config;
  // gatewayRules: all of them, or none.
  if (keyFile === undefined || passwordFile === undefined || rulesFile === undefined || endpoints === undefined) return undefined;

  const allowFullExits = config.ALLOW_FULL_EXITS === "true";
  const rules = await loadVaultRules(userPath(rulesFile, env), {allowFullExits});
  // viem takes a third of a second to load.
  const {loadEthereumKey} = await import("../../keys/ethereumKeystore.js");
  const {openValidatorsManager} = await import("../../vaults/openValidatorsManager.js");
  const privateKey = await loadEthereumKey({
    keyFile: userPath(keyFile, env),
    passwordFile: userPath(passwordFile, env),
    allowExposed: config.ALLOW_EXPOSED_KEY_FILES === "true",
  });
  const manager = await openValidatorsManager({privateKey, rules, endpoints, network, logger, signal: shutdown.signal});
  privateKey.fill(0);
  logger.info({address: manager.address, vaults: [...rules.keys()], full_exits: allowFullExits}, "validators manager");
  return manager;
}
