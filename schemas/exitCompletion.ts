import {type Static, Type} from "typebox";
import {defineMessage} from "./defineMessage.js";
import {BlsPubkey, Bytes32, EciesCiphertext, Ed25519Signature} from "./fields.js";
import {exitAnswerHead, rejectionTail} from "./heads.js";

/** In the oracles' config order. StakeWise's operator posts both lists to the oracles under these names. */
export const OraclesExitSignatureShares = Type.Object(
  {
    public_keys: Type.Array(BlsPubkey, {minItems: 1, maxItems: 256}),
    encrypted_exit_signatures: Type.Array(EciesCiphertext, {minItems: 1, maxItems: 256}),
  },
  {additionalProperties: false},
);
export type OraclesExitSignatureShares = Static<typeof OraclesExitSignatureShares>;

/** The exit is complete or rejected, so that no operator waits for an exit that will not come. */
export const ExitCompletion = Type.Union(
  [
    Type.Object(
      {
        ...exitAnswerHead,
        status: Type.Literal("completed"),
        oracles_config_hash: Bytes32,
        oracles_exit_signature_shares: OraclesExitSignatureShares,
        aggregator_signature: Ed25519Signature,
      },
      {additionalProperties: false},
    ),
    Type.Object({...exitAnswerHead, status: Type.Literal("rejected"), ...rejectionTail}, {additionalProperties: false}),
  ],
  {$id: "dvt.v2.exit_completion"},
);
export type ExitCompletion = Static<typeof ExitCompletion>;

export const exitCompletion = defineMessage({
  name: "exit_completion",
  schema: ExitCompletion,
  stream: "COMPLETIONS",
  maxBytes: 500 * 1024,
  subject: ({network, operator_id, public_key, validator_index}) =>
    `dvt.v2.completions.${network}.${operator_id}.${public_key}.${validator_index}`,
});
