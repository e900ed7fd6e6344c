import {Binary} from "mongodb";

/** Why a sidecar does not sign, and which request it answered. */
export type StoredRefusal = {code: string; reason: string; requested_at: number};

/** The part of a document that holds what sidecars said, by share index. */
export type HeldDocument = {
  shares?: Record<string, Binary>;
  /** Of the sidecars that do not sign; never beside a share of theirs. */
  refusals?: Record<string, StoredRefusal>;
};

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
