/** By index, the keys that have it, of the indexes that each key has. */
export function byIndex(indexes: Readonly<Record<string, readonly number[]>>): ReadonlyMap<number, readonly string[]> {
  const all = new Set(Object.values(indexes).flat());
  const keysAt = (index: number) => Object.keys(indexes).filter((key) => indexes[key]?.includes(index));
  return new Map([...all].map((index) => [index, keysAt(index)]));
}
