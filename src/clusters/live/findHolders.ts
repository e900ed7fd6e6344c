/**
 * By public key, the cluster that had each validator first; those that nobody had are not in it. `wanted`: the cluster that is to
 * have one that nobody had, by who may decide that; undefined where several want it.
 */
export type FindHolders = (wanted: ReadonlyMap<string, string | undefined>) => Promise<ReadonlyMap<string, string>>;
