import {type Static, Type} from "typebox";
import {Deposit} from "./deposit.js";
import {BlsPubkey, Bytes32, Ed25519Signature, Id, TimestampMs, ValidatorIndex} from "./fields.js";

/** The most entries that one signature of an operator covers, and the most exits of any message. */
export const maxOrderSize = 64;

/** One validator of an order: its exit at this index, and a deposit to sign with it, or the mark of a rotation. */
export const OrderEntry = Type.Object(
  {
    public_key: BlsPubkey,
    validator_index: ValidatorIndex,
    /** To sign with the exit. */
    deposit: Type.Optional(Deposit),
    /** The validator is active, and its exit is for another oracle set: sidecars have rules of their own for that. Not with a deposit. */
    rotation: Type.Optional(Type.Literal(true)),
  },
  {additionalProperties: false},
);
export type OrderEntry = Static<typeof OrderEntry>;

/** An operator's signed word that it asks for these exits. An entry that the receiver has nothing to do with is its digest alone. */
export const Order = Type.Object(
  {
    operator_id: Id,
    requested_at: TimestampMs,
    entries: Type.Array(Type.Union([OrderEntry, Bytes32]), {minItems: 1, maxItems: maxOrderSize}),
    signature: Ed25519Signature,
  },
  {additionalProperties: false},
);
export type Order = Static<typeof Order>;
