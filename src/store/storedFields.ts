import {Type} from "typebox";
import {validatorTypes} from "../../schemas/deposit.js";
import {Id, patterns, TimestampMs} from "../../schemas/fields.js";

const bytes32 = Type.String({pattern: "^0x[0-9a-f]{64}$"});

/** Like the fields of messages, but hex in lower case only, because it is part of ids. */
export const storedFields = {
  publicKey: Type.String({pattern: "^0x[0-9a-f]{96}$"}),
  signature: Type.String({pattern: "^0x[0-9a-f]{192}$"}),
  bytes32,
  clusterId: Id,
  /** When each operator asked last, and the order that says so, by operator id. */
  operators: Type.Record(
    Type.String({pattern: patterns.id}),
    Type.Object({requested_at: TimestampMs, order_id: bytes32}, {additionalProperties: false}),
    {additionalProperties: false, minProperties: 1},
  ),
  /** ms, by operator id. */
  timeOfOperators: Type.Record(Type.String({pattern: patterns.id}), TimestampMs, {additionalProperties: false}),
  /** The parts of a deposit, each in a field of its own. */
  deposit: {
    vault: Type.String({pattern: "^0x[0-9a-f]{40}$"}),
    amount: Type.Integer({minimum: 0, maximum: Number.MAX_SAFE_INTEGER}),
    validator_type: Type.Enum([...validatorTypes]),
  },
};
