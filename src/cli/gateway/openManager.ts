import type {Static} from "typebox";
import {connectBeacon} from "../../beacon/connectBeacon.js";
import {createValidatorFinder} from "../../beacon/findValidators.js";
import type {Network} from "../../consensus/networks.js";
import {DvtError} from "../../errors.js";
import type {Logger} from "../../runtime/logger.js";
import type {Shutdown} from "../../runtime/shutdown.js";
import {userPath} from "../../runtime/userPath.js";
import type {ChainValidators} from "../../vaults/chainValidators.js";
import {loadVaultRules} from "../../vaults/loadVaultRules.js";
import type {ValidatorsManager} from "../../vaults/validatorsManager.js";
import type {VaultOperation, VaultRules} from "../../vaults/vaultRules.js";
import type {GatewayEnv} from "../env/gatewayEnv.js";

type OpenOptions = {
  config: Readonly<Static<typeof GatewayEnv>>;
  env: NodeJS.ProcessEnv;
  network: Network;
  logger: Logger;
  shutdown: Shutdown;
};

/**
 * The validators manager, if the environment names its key. CONFIG_INVALID if the rules need the chain and it is not configured;
 * KEYSTORE_INVALID, KEYSTORE_PASSWORD_WRONG, KEY_FILE_EXPOSED, VAULT_RULES_INVALID, EXECUTION_UNAVAILABLE, EXECUTION_CHAIN_MISMATCH.
 */
export async function openManager({config, env, network, logger, shutdown}: OpenOptions): Promise<ValidatorsManager | undefined> {
  const {VALIDATORS_MANAGER_KEY_FILE: keyFile, VALIDATORS_MANAGER_PASSWORD_FILE: passwordFile} = config;
  const {VALIDATORS_MANAGER_RULES_FILE: rulesFile, EXECUTION_ENDPOINT: endpoints} = config;
  // gatewayRules made sure that all of them are set, or none.
  if (keyFile === undefined || passwordFile === undefined || rulesFile === undefined || endpoints === undefined) return undefined;

  const allowFullExits = config.ALLOW_FULL_EXITS === "true";
  const rules = await loadVaultRules(userPath(rulesFile, env), {allowFullExits});
  const chain = openChain(rules, {config, network, logger, shutdown});
  // viem takes a third of a second to load.
  const {loadEthereumKey} = await import("../../keys/ethereumKeystore.js");
  const {openValidatorsManager} = await import("../../vaults/openValidatorsManager.js");
  const privateKey = await loadEthereumKey({
    keyFile: userPath(keyFile, env),
    passwordFile: userPath(passwordFile, env),
    allowExposed: config.ALLOW_EXPOSED_KEY_FILES === "true",
  });
  const manager = await openValidatorsManager({privateKey, rules, chain, endpoints, network, logger, signal: shutdown.signal});
  privateKey.fill(0);
  logger.info({address: manager.address, vaults: [...rules.keys()], full_exits: allowFullExits}, "validators manager");
  return manager;
}

/** Only the chain is trusted on where registered validators withdraw to: a cluster definition is not enough to sign for them. */
function openChain(
  rules: ReadonlyMap<string, VaultRules>,
  {config, network, logger, shutdown}: Omit<OpenOptions, "env">,
): ChainValidators | undefined {
  const {CONSENSUS_ENDPOINT: endpoints} = config;
  if (endpoints !== undefined) {
    return createValidatorFinder(connectBeacon(endpoints, {network, signal: shutdown.signal, logger}));
  }
  for (const {vault, operations} of rules.values()) {
    const needed = ofRegistered.find((operation) => operations.has(operation));
    if (needed === undefined) continue;
    throw new DvtError(
      "CONFIG_INVALID",
      `the validators manager's rules name ${needed} for vault ${vault}: set CONSENSUS_ENDPOINT, to read from the chain which validators are the vault's`,
    );
  }
  return undefined;
}

const ofRegistered: readonly VaultOperation[] = ["fund", "withdraw", "consolidate"];
