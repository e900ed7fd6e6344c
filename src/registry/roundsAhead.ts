/** How many indexes beyond the next ones have their exits asked for ahead. */
export const indexesAhead = 8;

/**
 * The validators that are to have an exit at an index after these, which have those from `startIndex` on: n validators need n + `ahead`
 * exits. They take turns, in rounds: a key has one current exit at a time, so its next one is asked for when this one is there.
 */
export function roundsAhead<T extends object>(
  placed: readonly T[],
  startIndex: number,
  ahead = indexesAhead,
): (T & {readonly validatorIndex: number})[][] {
  const from = startIndex + placed.length;
  const rounds = placed.length === 0 ? 0 : Math.ceil(ahead / placed.length);
  return Array.from({length: rounds}, (_, round) => {
    const first = from + round * placed.length;
    return placed.slice(0, from + ahead - first).map((it, position) => ({...it, validatorIndex: first + position}));
  });
}
