import {Type} from "typebox";
import {BlsPubkey} from "../../../schemas/fields.js";
import type {Consolidation} from "../../vaults/validatorsManager.js";
import type {App} from "../../web/app.js";
import {Problem} from "../../web/problem.js";
import type {Caller} from "../access/caller.js";
import {examples} from "../apiDocument/examples.js";
import {operatorSecurity} from "../apiDocument/openApi.js";
import type {Gateway} from "../gateway.js";
import {answerSigned, type Permit, permit} from "./permit.js";
import {assertNoneRefused, assertOfVault, assertTogether, repeatedIn, whyNotKey} from "./vaultKeys.js";
import {PublicKeys, SignedAnswer, Vault, vaultRefused} from "./vaultSchemas.js";

const {vault, publicKey, otherPublicKey} = examples;

const schema = {
  summary: "Sign a consolidation of a vault's validators",
  description: [
    "The stake of each source moves to its target. Several sources may have the same target. A validator that is its own target becomes 0x02.",
    "Signed for the vault's current nonce.",
    "Not for 7, 14, 21 … keys at once unless full exits are allowed.",
  ].join(" "),
  security: operatorSecurity,
  body: Type.Object(
    {
      vault: Vault,
      source_public_keys: PublicKeys,
      target_public_keys: Type.Array(BlsPubkey, {minItems: 1, maxItems: 1000, description: "as many as source_public_keys"}),
    },
    {examples: [{vault, source_public_keys: [publicKey], target_public_keys: [otherPublicKey]}]},
  ),
  response: {200: SignedAnswer, ...vaultRefused},
};

export function addConsolidate(app: App, gateway: Gateway): void {
  app.post("/consolidate", {schema}, async (request) => {
    const {caller, body} = request;
    const permitted = permit(gateway, caller, body.vault, "consolidate");
    const consolidations = toConsolidations(body.source_public_keys, body.target_public_keys);
    const keys = checkKeys(gateway, caller, permitted, consolidations);
    assertTogether(permitted, consolidations.length);
    await assertOfVault(permitted, keys);
    const signature = await permitted.manager.signConsolidation(permitted.rules.vault, consolidations);
    return answerSigned(gateway, request, permitted, {keys: consolidations.length}, signature);
  });
}

function toConsolidations(sources: readonly string[], targets: readonly string[]): Consolidation[] {
  if (sources.length !== targets.length) {
    const counts = `${sources.length} source_public_keys and ${targets.length} target_public_keys`;
    throw new Problem("VAULT_REFUSED", `expected as many targets as sources, got ${counts}`);
  }
  return sources.map((source, i) => ({source: source.toLowerCase(), target: (targets[i] as string).toLowerCase()}));
}

/** All sources and targets. Several sources may have the same target, but a source ends, so it may appear only once. */
function checkKeys(gateway: Gateway, caller: Caller, permitted: Permit, consolidations: readonly Consolidation[]): string[] {
  const sources = consolidations.map(({source}) => source);
  const repeated = repeatedIn(sources);
  const keys = [...new Set([...sources, ...consolidations.map(({target}) => target)])];
  assertNoneRefused(
    keys.map((publicKey) => ({publicKey})),
    ({publicKey}) =>
      whyNotKey(gateway, caller, permitted, publicKey) ?? (repeated.has(publicKey) ? "it appears as a source twice" : undefined),
  );
  return keys;
}
