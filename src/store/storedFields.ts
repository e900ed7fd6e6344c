import {Type} from "typebox";
import {validatorTypes} from "../../schemas/deposit.js";
import {Id, patterns, TimestampMs} from "../../schemas/fields.js";

/** As the fields of messages, but hex is in lower case alone: it stands in ids. */
export const storedFields = {
  publicKey: Type.String({pattern: "^0x[0-9a-f]{96}$"}),
  signature: Type.String({pattern: "^0x[0-9a-f]{192}$"}),
  bytes32: Type.String({pattern: "^0x[0-9a-f]{64}$"}),
  clusterId: Id,
  /** By operator id, the requested_at of what each asked for last. */
  operators: Type.Record(Type.String({pattern: patterns.id}), TimestampMs, {additionalProperties: false, minProperties: 1}),
  /** A deposit's, each a field of its own. */
  deposit: {
    vault: Type.String({pattern: "^0x[0-9a-f]{40}$"}),
    amount: Type.Integer({minimum: 0, maximum: Number.MAX_SAFE_INTEGER}),
    validator_type: Type.Enum([...validatorTypes]),
  },
};
