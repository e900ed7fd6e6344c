import type {Static} from "typebox";
import {DvtError} from "../../../errors.js";
import {userPath} from "../../../runtime/userPath.js";
import {loadVaultRules} from "../../../vaults/loadVaultRules.js";
import type {VaultOperation, VaultRules} from "../../../vaults/vaultRules.js";
import type {VaultReaderEnv} from "../../env/vaultEnv.js";
import {openVaultNodes, type VaultNodes, type VaultNodesOptions} from "./openVaultNodes.js";

/** What reading a vault needs. */
export type VaultReaderOptions = VaultNodesOptions & {
  readonly config: Readonly<Static<typeof VaultReaderEnv>>;
  /** What the rules have to name. */
  readonly operation: VaultOperation;
  /** Whether withdrawals may exit validators. */
  readonly allowFullExits: boolean;
};

/** A vault on its chain, and the rules for it. */
export type VaultReader = VaultNodes & {readonly rules: VaultRules};

/** VAULT_RULES_INVALID unless the rules name the operation for the vault, and what its sources throw. */
export async function openVaultReader(options: VaultReaderOptions): Promise<VaultReader> {
  const rules = await readRules(options);
  return {...(await openVaultNodes(options)), rules};
}

async function readRules({config, env, vault, operation, allowFullExits}: VaultReaderOptions): Promise<VaultRules> {
  const path = userPath(config.VALIDATORS_MANAGER_RULES_FILE, env);
  const rules = (await loadVaultRules(path, {allowFullExits})).get(vault);
  if (rules?.operations.has(operation)) return rules;
  throw new DvtError(
    "VAULT_RULES_INVALID",
    `read vault ${vault}: ${path} does not name ${rules ? `${operation} for it` : "it"}; docs/configuration.md has the format`,
  );
}
