import {type AmountText, gweiText} from "./amountText.js";

/** An operation that a validators manager signs. */
export type VaultOperation = "register" | "fund" | "withdraw" | "consolidate";

/** The rules for what the validators manager signs for one vault. */
export type VaultRules = {
  /** 20 bytes in lower-case hex with 0x */
  readonly vault: string;
  /** The ids of the clusters whose validators are allowed; no definition changes that. */
  readonly clusters: ReadonlySet<string>;
  /** The operations that are signed. `maxAmount`: the most gwei for one key; Infinity for an operation without an amount. */
  readonly operations: ReadonlyMap<VaultOperation, {readonly maxAmount: number}>;
  /** What `dvt operator register` registers within a day at most; undefined: anything. The chain's events count, whoever registered. */
  readonly perDay?: {readonly validators?: number | undefined; readonly gwei?: number | undefined} | undefined;
  /** Whether a withdrawal may have amount 0, which exits the validator. */
  readonly allowFullExits: boolean;
};

/** Why the rules do not allow validators of the cluster, or undefined. */
export const whyNotCluster = ({clusters}: Pick<VaultRules, "clusters">, clusterId: string): string | undefined =>
  clusters.has(clusterId) ? undefined : `cluster ${clusterId} is not among those of the vault's rules`;

/**
 * Why a validator does not belong to the vault (20 bytes in lower-case hex with 0x), or undefined. `credentials`: 32 bytes
 * likewise, from the chain; undefined if it has no such validator.
 */
export function whyForeign(vault: string, credentials: string | undefined): string | undefined {
  if (credentials === undefined) return "the chain does not have it yet";
  if (/^0x0[12]0{22}/.test(credentials) && credentials.slice(-40) === vault.slice(2)) return undefined;
  return `on the chain it withdraws to ${credentials}, not to the vault`;
}

/** Why this amount for one key is not allowed, or undefined. */
export function whyNotAmount(
  {operations, allowFullExits}: VaultRules,
  operation: VaultOperation,
  amount: number,
  amountText: AmountText = gweiText,
): string | undefined {
  const limit = operations.get(operation);
  if (!limit) return "the vault's rules do not name the operation";
  if (amount > limit.maxAmount)
    return `${amountText(amount)} is more than the ${amountText(limit.maxAmount)} that the vault's rules allow`;
  if (amount > 0) return undefined;
  if (operation !== "withdraw") return "the amount must be more than 0";
  return allowFullExits ? undefined : "an amount of 0 exits the validator, which ALLOW_FULL_EXITS does not allow";
}

/**
 * Why this number of keys is not signed for together, or undefined. A vault tells the signed bytes of fundings, withdrawals and
 * consolidations apart only by their length. Those of 7, 14 and so on fundings (184 bytes each) or consolidations (96) can also be
 * read as withdrawals (56), the first for the first key, of amount 0 or about 10^19. https://github.com/stakewise/v3-core/blob/fc70cbe1b3d41bc5f78434830d837aa270ca33bc/contracts/libraries/ValidatorUtils.sol
 */
export function whyNotTogether(
  {operations, allowFullExits}: VaultRules,
  operation: VaultOperation,
  keys: number,
): string | undefined {
  if (operation !== "fund" && operation !== "consolidate") return undefined;
  if (keys % 7 !== 0 || (allowFullExits && operations.has("withdraw"))) return undefined;
  return `the vault would accept a signature for ${keys} keys as one for withdrawals too, which exits validators; request more or fewer keys`;
}
