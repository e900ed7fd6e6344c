import type {BeaconState} from "../beacon/headState.js";
import {unavailableAt} from "../beacon/node.js";

/** The validators of successive states, without reading all of them each time. It must not be used for two states at once. */
export type StateValidators = {
  /** Returns how many validators the state has. */
  follow(state: BeaconState): Promise<number>;
  /** Returns the keys (in lower-case hex with 0x) that the last followed state does not have. */
  findMissing(state: BeaconState, publicKeys: readonly string[]): Promise<string[]>;
};

/** More than there will ever be. */
const mostValidators = 2 ** 28;
/** Indexes in one request; with more new validators than that since the last time, all are counted again. */
const indexesAtOnce = 64;

/** Creates a counter of the validators of successive states. */
export function createStateValidators(): StateValidators {
  let known: {count: number; last: string | undefined} = {count: 0, last: undefined};
  /** The requested keys that the last followed state has, and those that it does not have. */
  const present = new Set<string>();
  const missing = new Set<string>();

  return {
    async follow(state) {
      for (;;) {
        const first = Math.max(known.count - 1, 0);
        const [last, ...added] = await findFrom(state, first);
        // Validators are only appended: if the last known one is in its place, those before it are the same too.
        if (last === undefined || last !== known.last || added.length === indexesAtOnce - 1) break;
        // Only a request without new validators ends the loop, so that a truncated answer is noticed.
        if (added.length === 0) return known.count;
        for (const key of added) if (missing.delete(key)) present.add(key);
        known = {count: first + 1 + added.length, last: added.at(-1) ?? last};
      }
      const count = await countValidators(state);
      const [newLast, ...after] = count === 0 ? [] : await findFrom(state, count - 1);
      if (after.length > 0) throw unavailableAt(state.host, "its answer lacks validators");
      known = {count, last: newLast};
      present.clear();
      missing.clear();
      return count;
    },
    async findMissing(state, publicKeys) {
      const unknown = publicKeys.filter((key) => !present.has(key) && !missing.has(key));
      for (const {publicKey} of await state.findValidators(unknown)) present.add(publicKey);
      for (const key of unknown) if (!present.has(key)) missing.add(key);
      return publicKeys.filter((key) => missing.has(key));
    },
  };
}

/** The keys of the validators from this index, as many as one request may ask for. */
async function findFrom(state: BeaconState, first: number): Promise<string[]> {
  const asked = Array.from({length: indexesAtOnce}, (_, offset) => first + offset);
  return (await findFirst(state, asked)).map(({publicKey}) => publicKey);
}

/** Counts validators by search: each request narrows the range to a 64th. */
async function countValidators(state: BeaconState): Promise<number> {
  let [least, most] = [0, mostValidators];
  while (least < most) {
    const step = Math.ceil((most - least) / indexesAtOnce);
    const asked = Array.from({length: indexesAtOnce}, (_, position) => least + (position + 1) * step - 1).filter(
      (it) => it < most,
    );
    const found = (await findFirst(state, asked)).length;
    most = asked[found] ?? most;
    least = found === 0 ? least : (asked[found - 1] as number) + 1;
  }
  return least;
}

/** The validators at these ascending indexes; they must be the first of them, or the node is wrong. */
async function findFirst(state: BeaconState, asked: readonly number[]): Promise<{index: number; publicKey: string}[]> {
  const found = await state.findValidators(asked);
  if (found.some(({index}, position) => index !== asked[position]))
    throw unavailableAt(state.host, "its answer lacks validators");
  return found;
}
