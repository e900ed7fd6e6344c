import {Binary} from "mongodb";
import {type Static, Type} from "typebox";
import {RejectionCode, ShortSentence, TimestampMs} from "../../schemas/fields.js";

/** Why a sidecar does not sign, the requested_at of the request that it refused, and when a refusal of it came first. */
const StoredRefusal = Type.Object(
  {code: RejectionCode, reason: ShortSentence, requested_at: TimestampMs, at: Type.Optional(TimestampMs)},
  {additionalProperties: false},
);
export type StoredRefusal = Static<typeof StoredRefusal>;

const shareIndex = Type.String({pattern: "^[1-9][0-9]{0,15}$"});
/** The longest ciphertext or unencrypted signature that a message may carry. */
const mostBytes = 609;
const ShareBytes = Type.Refine(
  Type.Unsafe<Binary>(Type.Unknown()),
  (value: unknown) => value instanceof Binary && value.length() > 0 && value.length() <= mostBytes,
);

/** Refusals by share index. */
export const StoredRefusals = Type.Record(shareIndex, StoredRefusal, {additionalProperties: false});

/** ms, by share index: when the message with its share came. */
export const CameTimes = Type.Record(shareIndex, TimestampMs, {additionalProperties: false});

/** The fields of a document for the shares and refusals of sidecars, by share index. */
export const heldFields = {
  shares: Type.Optional(Type.Record(shareIndex, ShareBytes, {additionalProperties: false})),
  /** The refusals; never beside a share of the same sidecar. */
  refusals: Type.Optional(StoredRefusals),
};

type HeldDocument = {shares?: Record<string, Binary>; refusals?: Record<string, StoredRefusal>};

/** The shares and refusals that are stored of one exit or deposit. */
export type HeldShares = {
  /** By share index, as received. */
  shares: ReadonlyMap<number, Uint8Array>;
  /** By share index, including those of earlier requests. */
  refusals: ReadonlyMap<number, StoredRefusal>;
};

/** Reads the shares and refusals of a document. */
export const toHeld = ({shares = {}, refusals = {}}: HeldDocument): HeldShares => ({
  shares: new Map(Object.entries(shares).map(([index, share]) => [Number(index), new Uint8Array(share.value())])),
  refusals: new Map(Object.entries(refusals).map(([index, refusal]) => [Number(index), refusal])),
});

/** An update that stores a refusal: a later one of the same sidecar replaces it, but not its time. */
export const toRefusalUpdate = (shareIndex: number, {at, ...refusal}: StoredRefusal) => ({
  $set: Object.fromEntries(Object.entries(refusal).map(([field, value]) => [`refusals.${shareIndex}.${field}`, value])),
  ...(at !== undefined && {$min: {[`refusals.${shareIndex}.at`]: at}}),
});

/** An update that stores shares: the fields to set, the refusals to remove, and the condition that no share index is taken. */
export function toShareUpdate(shares: ReadonlyMap<number, Uint8Array>) {
  const places = [...shares].map(([index, share]) => [`shares.${index}`, new Binary(share)] as const);
  return {
    set: Object.fromEntries(places),
    unset: Object.fromEntries([...shares.keys()].map((index) => [`refusals.${index}`, "" as const])),
    free: Object.fromEntries(places.map(([place]) => [place, {$exists: false}])),
  };
}
