import {type Static, Type} from "typebox";
import {defineMessage} from "./defineMessage.js";
import {BlsSignature} from "./fields.js";
import {depositAnswerHead, rejectionTail} from "./heads.js";

/** The deposit's signature, or why it will not come. The validator's key proves the signature, whoever publishes it. */
export const DepositCompletion = Type.Union(
  [
    Type.Object(
      {...depositAnswerHead, status: Type.Literal("completed"), signature: BlsSignature},
      {additionalProperties: false},
    ),
    Type.Object({...depositAnswerHead, status: Type.Literal("rejected"), ...rejectionTail}, {additionalProperties: false}),
  ],
  {$id: "dvt.v2.deposit_completion"},
);
export type DepositCompletion = Static<typeof DepositCompletion>;

export const depositCompletion = defineMessage({
  name: "deposit_completion",
  schema: DepositCompletion,
  stream: "COMPLETIONS",
  maxBytes: 4096,
  subject: ({network, operator_id, public_key, deposit: {vault, amount, validator_type}}) =>
    `dvt.v2.deposit_completions.${network}.${operator_id}.${public_key}.${vault}.${amount}.${validator_type}`,
});
