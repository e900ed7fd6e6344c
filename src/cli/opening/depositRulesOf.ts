import type {Clusters} from "../../clusters/clusters.js";
import type {DepositRules} from "../../exits/depositRules.js";

/** The vaults that ALLOWED_VAULTS lists. */
export const toVaults = (allowedVaults: string): ReadonlySet<string> => new Set(allowedVaults.toLowerCase().split(/\s*,\s*/));

/** The deposit rules from ALLOWED_VAULTS and the current cluster definitions. */
export const depositRulesOf = (allowedVaults: string | undefined, clusters: Clusters): DepositRules => ({
  ...(allowedVaults !== undefined && {allowedVaults: toVaults(allowedVaults)}),
  withdrawalAddressOf: (publicKey) => clusters.byPublicKey(publicKey)?.validator.withdrawalAddress,
});
