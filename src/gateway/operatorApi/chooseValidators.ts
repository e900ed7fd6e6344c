import {DvtError} from "../../errors.js";
import type {Reservation, Reserved} from "../../store/reservations.js";
import type {Gateway} from "../gateway.js";
import type {Place} from "../lookUp.js";
import {freeKeys, type Wanted} from "./chooseKeys.js";
import {reserveKeys} from "./reserveKeys.js";

/** A validator that is to be registered, with its index and deposit. */
export type Chosen = Place & Reservation;

/**
 * The next validators of the vault, each reserved for it. `isAtIndex` is false where the operator counts another next index than the
 * registry: then nothing is reserved, and those are returned that were before.
 */
export async function chooseValidators(
  {registry, reservations, metrics, warnOnce}: Gateway,
  places: readonly Place[],
  wanted: Wanted,
): Promise<{isAtIndex: boolean; chosen: Chosen[]}> {
  const {vault, startIndex, amounts} = wanted;
  const {nextIndex, isRegistered} = await registry.read(places.map(({validator}) => validator.publicKeyHex));
  const open = new Map(places.map((place) => [place.validator.publicKeyHex, place]));
  const keys = [...open.keys()].filter((key) => !isRegistered(key));
  const before = await reservations.findAll(keys);
  const isAtIndex = nextIndex === startIndex;
  const {chosen, reserved} = isAtIndex
    ? await reserveKeys(reservations, {keys, reserved: before, wanted})
    : {chosen: reservedOf(keys, before, wanted), reserved: before};
  metrics.keysLeft.set({vault}, freeKeys(keys, reserved, wanted).length);
  if (!isAtIndex) {
    const indexes = {validators_start_index: startIndex, next_index: nextIndex};
    warnOnce({vault, ...indexes}, "the operator counts another next validator index than the registry");
  } else if (chosen.length < amounts.length) {
    warnOnce({vault, asked: amounts.length, keys: chosen.length}, "fewer keys are left than the operator asks for");
  }
  return {isAtIndex, chosen: chosen.map((it) => ({...(open.get(it.publicKey) as Place), ...it}))};
}

const reservedOf = (keys: readonly string[], reserved: Reserved, wanted: Wanted): Reservation[] =>
  freeKeys(keys, reserved, wanted)
    .slice(0, wanted.amounts.length)
    .flatMap((key) => {
      const standing = reserved.get(key);
      return !standing || standing instanceof DvtError ? [] : [standing];
    });
