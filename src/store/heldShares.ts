import {Binary} from "mongodb";
import {type Static, Type} from "typebox";
import {RejectionCode, ShortSentence, TimestampMs} from "../../schemas/fields.js";

/** Why a sidecar does not sign, and which request it answered. */
const StoredRefusal = Type.Object(
  {code: RejectionCode, reason: ShortSentence, requested_at: TimestampMs},
  {additionalProperties: false},
);
export type StoredRefusal = Static<typeof StoredRefusal>;

const shareIndex = Type.String({pattern: "^[1-9][0-9]{0,15}$"});
/** A ciphertext, or a signature in plain: as long as a message may have it. */
const mostBytes = 609;
const ShareBytes = Type.Refine(
  Type.Unsafe<Binary>(Type.Unknown()),
  (value: unknown) => value instanceof Binary && value.length() > 0 && value.length() <= mostBytes,
);

/** The part of a document that holds what sidecars said, by share index. */
export const heldFields = {
  shares: Type.Optional(Type.Record(shareIndex, ShareBytes, {additionalProperties: false})),
  /** Of the sidecars that do not sign; never beside a share of theirs. */
  refusals: Type.Optional(Type.Record(shareIndex, StoredRefusal, {additionalProperties: false})),
};

type HeldDocument = {shares?: Record<string, Binary>; refusals?: Record<string, StoredRefusal>};

export type Held = {
  /** By share index, as each came. */
  shares: ReadonlyMap<number, Uint8Array>;
  /** By share index, also those of earlier requests. */
  refusals: ReadonlyMap<number, StoredRefusal>;
};

export const toHeld = ({shares = {}, refusals = {}}: HeldDocument): Held => ({
  shares: new Map(Object.entries(shares).map(([index, share]) => [Number(index), new Uint8Array(share.value())])),
  refusals: new Map(Object.entries(refusals).map(([index, refusal]) => [Number(index), refusal])),
});

/** How shares get in: to `set`, the refusals that they take the place of, and the condition that no place is taken. */
export function toKeep(shares: ReadonlyMap<number, Uint8Array>) {
  const places = [...shares].map(([index, share]) => [`shares.${index}`, new Binary(share)] as const);
  return {
    set: Object.fromEntries(places),
    unset: Object.fromEntries([...shares.keys()].map((index) => [`refusals.${index}`, "" as const])),
    free: Object.fromEntries(places.map(([place]) => [place, {$exists: false}])),
  };
}
