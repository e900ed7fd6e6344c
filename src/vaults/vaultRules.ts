export type VaultOperation = "register" | "fund" | "withdraw" | "consolidate";

/** What the validators manager signs for one vault. */
export type VaultRules = {
  /** 20 bytes in lower-case hex with 0x */
  readonly vault: string;
  /** By id, whose validators: no definition has a say in that. */
  readonly clusters: ReadonlySet<string>;
  /** What is not in it is not signed. `maxAmount`: the most gwei for one key; Infinity where an operation names none. */
  readonly operations: ReadonlyMap<VaultOperation, {readonly maxAmount: number}>;
  /** Whether a withdrawal may be of amount 0, which exits the validator. */
  readonly allowFullExits: boolean;
};

/** Why no validator of the cluster is the vault's, or undefined. */
export const whyNotCluster = ({clusters}: Pick<VaultRules, "clusters">, clusterId: string): string | undefined =>
  clusters.has(clusterId) ? undefined : `cluster ${clusterId} is not among those of the vault's rules`;

/**
 * Why a validator is none of the vault's (20 bytes in lower-case hex with 0x), or undefined. `credentials`: 32 bytes likewise, as
 * the chain has them; undefined where it has no such validator.
 */
export function whyForeign(vault: string, credentials: string | undefined): string | undefined {
  if (credentials === undefined) return "the chain does not have it yet";
  if (/^0x0[12]0{22}/.test(credentials) && credentials.slice(-40) === vault.slice(2)) return undefined;
  return `on the chain it withdraws to ${credentials}, not to the vault`;
}

/** Why so many gwei for one key are not signed, or undefined. */
export function whyNotAmount(
  {operations, allowFullExits}: VaultRules,
  operation: VaultOperation,
  amount: number,
): string | undefined {
  const limit = operations.get(operation);
  if (!limit) return "the vault's rules do not name the operation";
  if (amount > limit.maxAmount) return `${amount} gwei are more than the ${limit.maxAmount} that the vault's rules allow`;
  if (amount > 0) return undefined;
  if (operation !== "withdraw") return "an amount of 0 is none";
  return allowFullExits ? undefined : "an amount of 0 exits the validator, which ALLOW_FULL_EXITS does not allow";
}

/**
 * Why so many keys are not signed for together, or undefined. To a vault the signature of a funding, a withdrawal or a consolidation
 * is the same but for the bytes, and it tells these apart by the length of all. Of 7, 14 and so on fundings (184 bytes each) or
 * consolidations (96) it can be had as that of withdrawals (56), of which the first is of the first key: of amount 0, or of
 * some 10^19. https://github.com/stakewise/v3-core/blob/fc70cbe1b3d41bc5f78434830d837aa270ca33bc/contracts/libraries/ValidatorUtils.sol
 */
export function whyNotTogether(
  {operations, allowFullExits}: VaultRules,
  operation: VaultOperation,
  keys: number,
): string | undefined {
  if (operation !== "fund" && operation !== "consolidate") return undefined;
  if (keys % 7 !== 0 || (allowFullExits && operations.has("withdraw"))) return undefined;
  return `the vault would take a signature for ${keys} keys as one of withdrawals too, which exits validators; ask for more or fewer`;
}
