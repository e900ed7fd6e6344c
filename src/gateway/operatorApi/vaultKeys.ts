import type {Static} from "typebox";
import type {KeyAmount} from "../../vaults/validatorsManager.js";
import {whyNotAmount, whyNotCluster, whyNotTogether} from "../../vaults/vaultRules.js";
import {type Caller, concerns} from "../access/caller.js";
import type {Gateway} from "../gateway.js";
import {Problem} from "../http/problem.js";
import type {Permit} from "./permit.js";
import type {KeyAmounts} from "./vaultSchemas.js";

/** Why this key (in lower-case hex) is not one to sign for, as far as the rules and the files go, or undefined. */
export function whyNotKey({clusters}: Gateway, caller: Caller, {rules}: Permit, publicKey: string): string | undefined {
  const place = clusters.byPublicKey(publicKey);
  if (!place || !concerns(caller, place.cluster)) return "no cluster of this operator has it";
  return whyNotCluster(rules, place.cluster.id);
}

/** VAULT_REFUSED, with each that is not the vault's by the chain's word. */
export async function assertOfVault({manager, rules}: Permit, publicKeys: readonly string[]): Promise<void> {
  const foreign = await manager.findForeign(rules.vault, publicKeys);
  const asked = publicKeys.map((publicKey) => ({publicKey}));
  assertNoneRefused(asked, ({publicKey}) => foreign.get(publicKey));
}

/** VAULT_REFUSED, with each that there is a reason against: nothing is signed then. */
export function assertNoneRefused<T extends {readonly publicKey: string}>(
  asked: readonly T[],
  whyNot: (one: T) => string | undefined,
): void {
  const refused = asked.flatMap((one) => {
    const reason = whyNot(one);
    return reason === undefined ? [] : [{public_key: one.publicKey, reason}];
  });
  const [first] = refused;
  if (first) throw new Problem("VAULT_REFUSED", `${first.public_key}: ${first.reason}`, {refused});
}

/** VAULT_REFUSED where so many are not signed for together. */
export function assertTogether({rules, operation}: Permit, count: number): void {
  const why = whyNotTogether(rules, operation, count);
  if (why !== undefined) throw new Problem("VAULT_REFUSED", why, {refused: []});
}

/** The keys in lower case with their amounts: each is the vault's, and may be signed for, once. VAULT_REFUSED otherwise. */
export async function checkKeyAmounts(
  gateway: Gateway,
  caller: Caller,
  permitted: Permit,
  {public_keys, amounts}: Static<typeof KeyAmounts>,
): Promise<KeyAmount[]> {
  if (public_keys.length !== amounts.length) {
    throw new Problem("VAULT_REFUSED", `there are ${public_keys.length} public_keys and ${amounts.length} amounts`);
  }
  const asked = public_keys.map((key, i) => ({publicKey: key.toLowerCase(), amount: amounts[i] as number}));
  const repeated = repeatedIn(asked.map(({publicKey}) => publicKey));
  assertNoneRefused(
    asked,
    ({publicKey, amount}) =>
      whyNotKey(gateway, caller, permitted, publicKey) ??
      (repeated.has(publicKey) ? "it stands twice" : whyNotAmount(permitted.rules, permitted.operation, amount)),
  );
  assertTogether(permitted, asked.length);
  await assertOfVault(
    permitted,
    asked.map(({publicKey}) => publicKey),
  );
  return asked;
}

export function repeatedIn(keys: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  return new Set(keys.filter((key) => seen.has(key) || !seen.add(key)));
}
