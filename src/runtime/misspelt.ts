/**
 * Finds names that are nearly one of the known ones, each with the known name; usual names of other programs are far from ours.
 */
export function findMisspelt(names: readonly string[], known: ReadonlySet<string>): {name: string; meant: string}[] {
  return names.flatMap((name) => {
    if (known.has(name)) return [];
    const meant = [...known].find((it) => isNear(name.toUpperCase().replaceAll("-", "_"), it));
    return meant === undefined ? [] : [{name, meant}];
  });
}

const file = "_FILE";

/** A longer name may have more slips; a missing or extra _FILE is too long for a distance and is checked separately. */
function isNear(name: string, known: string): boolean {
  if (name === `${known}${file}` || known === `${name}${file}`) return true;
  const slips = known.length < 6 ? 0 : known.length < 12 ? 1 : 2;
  return Math.abs(name.length - known.length) <= slips && distanceOf(name, known) <= slips;
}

/** The number of extra, missing, wrong or swapped letters (optimal string alignment). */
function distanceOf(left: string, right: string): number {
  let before: number[] = [];
  let last = Array.from({length: right.length + 1}, (_, column) => column);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const isSame = left[row - 1] === right[column - 1];
      const isSwapped = row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      current[column] = Math.min(
        (last[column] as number) + 1,
        (current[column - 1] as number) + 1,
        (last[column - 1] as number) + (isSame ? 0 : 1),
        isSwapped ? (before[column - 2] as number) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [before, last] = [last, current];
  }
  return last[right.length] as number;
}
