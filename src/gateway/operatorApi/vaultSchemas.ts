import {Type} from "typebox";
import {BlsPubkey, patterns} from "../../../schemas/fields.js";
import {examples} from "../apiDocument/examples.js";
import {problemOf} from "../apiDocument/openApi.js";

export const Vault = Type.String({pattern: patterns.address, description: "20 bytes, in any case"});
export const PublicKeys = Type.Array(BlsPubkey, {minItems: 1, maxItems: 1000});
/** uint64 for clients; limited to what a JSON number holds exactly. */
export const Gwei = Type.Integer({minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: "gwei"});

/** An amount for each of a vault's validators. */
export const KeyAmounts = Type.Object(
  {
    vault: Vault,
    public_keys: PublicKeys,
    amounts: Type.Array(Gwei, {minItems: 1, maxItems: 1000, description: "as many as public_keys"}),
  },
  {examples: [{vault: examples.vault, public_keys: [examples.publicKey], amounts: [1_000_000_000]}]},
);

export const ManagerSignature = Type.String({
  pattern: "^0x[0-9a-f]{130}$",
  description: "65 bytes: EIP-712, VaultValidators of the vault",
});

/** The answer to an operation that the validators manager signed. */
export const SignedAnswer = Type.Object(
  {validators_manager_signature: ManagerSignature},
  {examples: [{validators_manager_signature: examples.managerSignature}]},
);

/** The answers to an operation that the manager does not sign; `refused` when it is about keys. */
export const vaultRefused = {
  ...problemOf("VAULT_REFUSED", "Nothing is signed", {
    refused: Type.Optional(Type.Array(Type.Object({public_key: Type.String(), reason: Type.String()}))),
  }),
  ...problemOf("NOT_CONFIGURED", "The gateway has no validators manager's key"),
};
