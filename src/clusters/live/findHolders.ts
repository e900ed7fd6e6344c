/**
 * Finds the holder of each validator, by public key; validators without one are missing. `claims`: for each key, the cluster that
 * becomes the holder if there is none and the caller may decide that; undefined if several clusters claim it.
 */
export type FindHolders = (claims: ReadonlyMap<string, string | undefined>) => Promise<ReadonlyMap<string, string>>;
