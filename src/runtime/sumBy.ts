/** The sum of the amounts of each key. */
export function sumBy<K>(pairs: readonly (readonly [key: K, amount: number])[]): ReadonlyMap<K, number> {
  const sums = new Map<K, number>();
  for (const [key, amount] of pairs) sums.set(key, (sums.get(key) ?? 0) + amount);
  return sums;
}
