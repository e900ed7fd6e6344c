import type {Clusters} from "../../clusters/clusters.js";
import type {DepositRules} from "../../exits/depositRules.js";

/** As ALLOWED_VAULTS and the definitions have it, whatever these become. */
export const depositRulesOf = (allowedVaults: string | undefined, clusters: Clusters): DepositRules => ({
  ...(allowedVaults !== undefined && {allowedVaults: new Set(allowedVaults.toLowerCase().split(/\s*,\s*/))}),
  withdrawalAddressOf: (publicKey) => clusters.byPublicKey(publicKey)?.validator.withdrawalAddress,
});
