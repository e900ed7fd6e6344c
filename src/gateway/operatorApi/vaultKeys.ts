import type {Static} from "typebox";
import type {KeyAmount} from "../../vaults/validatorsManager.js";
import {whyNotAmount, whyNotCluster, whyNotTogether} from "../../vaults/vaultRules.js";
import {Problem} from "../../web/problem.js";
import {type Caller, concerns} from "../access/caller.js";
import type {Gateway} from "../gateway.js";
import type {Permit} from "./permit.js";
import type {KeyAmounts} from "./vaultSchemas.js";

/** Why the files or the rules forbid to sign for this key (lower-case hex); undefined if they allow it. */
export function whyNotKey({clusters}: Gateway, caller: Caller, {rules}: Permit, publicKey: string): string | undefined {
  const place = clusters.byPublicKey(publicKey);
  if (!place || !concerns(caller, place.cluster)) return "no cluster of this operator has it";
  return whyNotCluster(rules, place.cluster.id);
}

/** VAULT_REFUSED, with each key that is not the vault's according to the chain. */
export async function assertOfVault({manager, rules}: Permit, publicKeys: readonly string[]): Promise<void> {
  const foreign = await manager.findForeign(rules.vault, publicKeys);
  const asked = publicKeys.map((publicKey) => ({publicKey}));
  assertNoneRefused(asked, ({publicKey}) => foreign.get(publicKey));
}

/** VAULT_REFUSED, with each key that there is a reason against: then nothing is signed. */
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

/** VAULT_REFUSED if so many keys must not be signed for together. */
export function assertTogether({rules, operation}: Permit, count: number): void {
  const why = whyNotTogether(rules, operation, count);
  if (why !== undefined) throw new Problem("VAULT_REFUSED", why, {refused: []});
}

/** The keys in lower case with their amounts. VAULT_REFUSED unless each is the vault's, may be signed for, and appears once. */
export async function checkKeyAmounts(
  gateway: Gateway,
  caller: Caller,
  permitted: Permit,
  {public_keys, amounts}: Static<typeof KeyAmounts>,
): Promise<KeyAmount[]> {
  if (public_keys.length !== amounts.length) {
    throw new Problem(
      "VAULT_REFUSED",
      `expected as many amounts as public_keys, got ${public_keys.length} public_keys and ${amounts.length} amounts`,
    );
  }
  const asked = public_keys.map((key, i) => ({publicKey: key.toLowerCase(), amount: amounts[i] as number}));
  const repeated = repeatedIn(asked.map(({publicKey}) => publicKey));
  assertNoneRefused(
    asked,
    ({publicKey, amount}) =>
      whyNotKey(gateway, caller, permitted, publicKey) ??
      (repeated.has(publicKey) ? "it appears twice" : whyNotAmount(permitted.rules, permitted.operation, amount)),
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
