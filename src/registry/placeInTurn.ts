/** Whether the exit of a validator at an index is there already, or on its way. */
export type HasExitAt<T> = (validator: T, validatorIndex: number) => boolean;

/**
 * Places validators at the indexes from `startIndex` on, one at each: first those that have their exit there, as the first of these
 * functions says, then as the next one does, and the others in their order. After a move by one, all but the first keep theirs, and the
 * first one comes last. What becomes of the exits at the places that were given changes no place.
 */
export function placeInTurn<T>(validators: readonly T[], startIndex: number, ...has: readonly HasExitAt<T>[]): T[] {
  const left = new Set(validators);
  const placed = new Map<number, T>();
  for (const hasAt of has) {
    for (const position of validators.keys()) {
      if (placed.has(position)) continue;
      for (const it of left) {
        if (!hasAt(it, startIndex + position)) continue;
        left.delete(it);
        placed.set(position, it);
        break;
      }
    }
  }
  const others = left.values();
  return validators.map((_, position) => placed.get(position) ?? (others.next().value as T));
}
