import type {AmountText} from "./amountText.js";
import type {Consolidation, KeyAmount, ValidatorsManager} from "./validatorsManager.js";
import {type VaultOperation, type VaultRules, whyNotAmount, whyNotTogether} from "./vaultRules.js";

/** A public key that the manager does not sign for, in lower-case hex with 0x, and why; without a key: all of them together. */
export type RefusedKey = {readonly publicKey: string | undefined; readonly reason: string};

type Checking = {
  readonly rules: VaultRules;
  /** Why the files or the rules forbid to sign for a key, or undefined. */
  readonly whyNotKey: (publicKey: string) => string | undefined;
  readonly manager: Pick<ValidatorsManager, "findForeign">;
  /** How amounts are said; undefined: in gwei. */
  readonly amountText?: AmountText;
};

/** Finds what a top-up or a withdrawal is refused for; keys in lower case. CONSENSUS_UNAVAILABLE, CONSENSUS_CHAIN_MISMATCH. */
export async function findRefusedAmounts(
  operation: "fund" | "withdraw",
  asked: readonly KeyAmount[],
  checking: Checking,
): Promise<readonly RefusedKey[]> {
  const repeated = repeatedIn(asked.map(({publicKey}) => publicKey));
  const reasons = asked.map(({publicKey, amount}) =>
    toRefused(
      publicKey,
      checking.whyNotKey(publicKey) ??
        (repeated.has(publicKey) ? "it appears twice" : whyNotAmount(checking.rules, operation, amount, checking.amountText)),
    ),
  );
  const keys = asked.map(({publicKey}) => publicKey);
  return findRefused(operation, keys, {...checking, count: asked.length, byFiles: reasons.flat()});
}

/**
 * Finds what a consolidation is refused for, likewise. Several sources may have the same target, but a source ends, so it may appear
 * only once.
 */
export async function findRefusedConsolidations(
  consolidations: readonly Consolidation[],
  checking: Checking,
): Promise<readonly RefusedKey[]> {
  const sources = consolidations.map(({source}) => source);
  const repeated = repeatedIn(sources);
  const keys = [...new Set([...sources, ...consolidations.map(({target}) => target)])];
  const reasons = keys.map((key) =>
    toRefused(key, checking.whyNotKey(key) ?? (repeated.has(key) ? "it appears as a source twice" : undefined)),
  );
  return findRefused("consolidate", keys, {...checking, count: consolidations.length, byFiles: reasons.flat()});
}

type Found = Checking & {readonly count: number; readonly byFiles: readonly RefusedKey[]};

/** The chain is asked only about what the files and the rules allow. */
async function findRefused(
  operation: VaultOperation,
  keys: readonly string[],
  {rules, manager, count, byFiles}: Found,
): Promise<readonly RefusedKey[]> {
  if (byFiles.length > 0) return byFiles;
  const together = toRefused(undefined, whyNotTogether(rules, operation, count));
  if (together.length > 0) return together;
  const foreign = await manager.findForeign(rules.vault, keys);
  return keys.flatMap((key) => toRefused(key, foreign.get(key)));
}

const toRefused = (publicKey: string | undefined, reason: string | undefined): readonly RefusedKey[] =>
  reason === undefined ? [] : [{publicKey, reason}];

function repeatedIn(keys: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  return new Set(keys.filter((key) => seen.has(key) || !seen.add(key)));
}
