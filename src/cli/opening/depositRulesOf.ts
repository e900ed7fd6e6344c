import type {Clusters} from "../../clusters/clusters.js";
import type {DepositRules} from "../../exits/depositRules.js";

/** As ALLOWED_VAULTS has them. */
export const toVaults = (allowedVaults: string): ReadonlySet<string> => new Set(allowedVaults.toLowerCase().split(/\s*,\s*/));

/** As ALLOWED_VAULTS and the definitions have it, whatever these become. */
export const depositRulesOf = (allowedVaults: string | undefined, clusters: Clusters): DepositRules => ({
  ...(allowedVaults !== undefined && {allowedVaults: toVaults(allowedVaults)}),
  withdrawalAddressOf: (publicKey) => clusters.byPublicKey(publicKey)?.validator.withdrawalAddress,
});
