import {Type} from "typebox";
import {BlsPubkey, patterns} from "../../../schemas/fields.js";
import {examples} from "../apiDocument/examples.js";

export const Vault = Type.String({pattern: patterns.address, description: "20 bytes, in any case"});
export const PublicKeys = Type.Array(BlsPubkey, {minItems: 1, maxItems: 1000});
/** uint64 for those who ask; kept to what a JSON number holds exactly. */
export const Gwei = Type.Integer({minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: "gwei"});

/** So many gwei for each of a vault's validators. */
export const KeyAmounts = Type.Object(
  {
    vault: Vault,
    public_keys: PublicKeys,
    amounts: Type.Array(Gwei, {minItems: 1, maxItems: 1000, description: "as many as public_keys"}),
  },
  {examples: [{vault: examples.vault, public_keys: [examples.publicKey], amounts: [1_000_000_000]}]},
);
