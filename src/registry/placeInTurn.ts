/** Whether the exit of a validator at an index is there already, or on its way. */
export type HasExitAt<T> = (validator: T, validatorIndex: number) => boolean;

/** By index, the validators that have their exit there, in their order: of many, asking for each pair takes seconds. */
export type ByIndex<T> = ReadonlyMap<number, readonly T[]>;

/**
 * Places validators at the indexes from `startIndex` on, one at each: first those that have their exit there, as the first of these
 * says, then as the next one does, and the others in their order. After a move by one, all but the first keep theirs, and the
 * first one comes last. What becomes of the exits at the places that were given changes no place.
 */
export function placeInTurn<T>(
  validators: readonly T[],
  startIndex: number,
  ...exits: readonly (HasExitAt<T> | ByIndex<T>)[]
): T[] {
  const left = new Set(validators);
  const placed = new Map<number, T>();
  for (const known of exits) {
    for (const position of validators.keys()) {
      if (placed.has(position)) continue;
      const found = findAt(known, left, startIndex + position);
      if (found === undefined) continue;
      left.delete(found);
      placed.set(position, found);
    }
  }
  const others = left.values();
  return validators.map((_, position) => placed.get(position) ?? (others.next().value as T));
}

function findAt<T>(known: HasExitAt<T> | ByIndex<T>, left: ReadonlySet<T>, index: number): T | undefined {
  if (typeof known !== "function") return known.get(index)?.find((it) => left.has(it));
  for (const it of left) if (known(it, index)) return it;
  return undefined;
}
