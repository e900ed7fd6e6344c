import {Type} from "typebox";
import {BlsPubkey} from "../../../schemas/fields.js";
import {findRefusedConsolidations} from "../../vaults/findRefused.js";
import type {Consolidation} from "../../vaults/validatorsManager.js";
import type {App} from "../../web/app.js";
import {Problem} from "../../web/problem.js";
import {examples} from "../apiDocument/examples.js";
import {operatorSecurity} from "../apiDocument/openApi.js";
import type {Gateway} from "../gateway.js";
import {answerSigned, permit} from "./permit.js";
import {assertNoneRefused, whyNotKey} from "./vaultKeys.js";
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
    const {rules, manager} = permitted;
    const allowed = (publicKey: string) => whyNotKey(gateway, caller, permitted, publicKey);
    assertNoneRefused(await findRefusedConsolidations(consolidations, {rules, manager, whyNotKey: allowed}));
    const signature = await manager.signConsolidation(rules.vault, consolidations);
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
