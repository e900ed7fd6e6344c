import type {Static} from "typebox";
import {findRefusedAmounts, type RefusedKey} from "../../vaults/findRefused.js";
import type {KeyAmount} from "../../vaults/validatorsManager.js";
import {whyNotCluster} from "../../vaults/vaultRules.js";
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

/** VAULT_REFUSED, with each key that there is a reason against: then nothing is signed. */
export function assertNoneRefused(found: readonly RefusedKey[]): void {
  const [first] = found;
  if (!first) return;
  const refused = found.flatMap(({publicKey, reason}) => (publicKey === undefined ? [] : [{public_key: publicKey, reason}]));
  throw new Problem("VAULT_REFUSED", first.publicKey === undefined ? first.reason : `${first.publicKey}: ${first.reason}`, {
    refused,
  });
}

/** The keys in lower case with their amounts. VAULT_REFUSED unless each is the vault's, may be signed for, and appears once. */
export async function checkKeyAmounts(
  gateway: Gateway,
  caller: Caller,
  permitted: Permit<"fund" | "withdraw">,
  {public_keys, amounts}: Static<typeof KeyAmounts>,
): Promise<KeyAmount[]> {
  if (public_keys.length !== amounts.length) {
    throw new Problem(
      "VAULT_REFUSED",
      `expected as many amounts as public_keys, got ${public_keys.length} public_keys and ${amounts.length} amounts`,
    );
  }
  const asked = public_keys.map((key, i) => ({publicKey: key.toLowerCase(), amount: amounts[i] as number}));
  const {rules, manager, operation} = permitted;
  const allowed = (publicKey: string) => whyNotKey(gateway, caller, permitted, publicKey);
  assertNoneRefused(await findRefusedAmounts(operation, asked, {rules, manager, whyNotKey: allowed}));
  return asked;
}
