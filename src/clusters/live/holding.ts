import type {Cluster} from "../cluster.js";
import type {Clusters} from "../clusters.js";
import type {FindHolders} from "./findHolders.js";

/** The known holders of validators. It must not be used twice at once. */
export type Holding = {
  /** The id of the holder of each validator, by public key; validators without one are missing. Rejects as `findHolders` does. */
  holdersOf(clusters: readonly Cluster[], current: Clusters, findHolders?: FindHolders): Promise<ReadonlyMap<string, string>>;
};

/**
 * Decides holders: the first cluster that had a validator is its holder. Without one, it is the only cluster that names the
 * validator, or the one that currently has it; if several name it for the first time, nobody.
 */
export function createHolding(): Holding {
  /** As last found. */
  const known = new Map<string, string>();

  return {
    async holdersOf(clusters, current, findHolders) {
      const ids = idsByKey(clusters);
      const claims = new Map<string, string | undefined>();
      for (const [key, [id, ...others]] of ids) {
        // A known holder that nobody contests need not be looked up again.
        if (others.length === 0 && known.get(key) === id) continue;
        const currentId = current.byPublicKey(key)?.cluster.id;
        claims.set(key, others.length === 0 ? id : ids.get(key)?.find((it) => it === currentId));
      }
      if (findHolders && claims.size > 0) {
        const found = await findHolders(claims);
        // With the definition's own string of a key: those of the store would be thousands more.
        for (const key of claims.keys()) {
          const id = found.get(key);
          if (id === undefined) known.delete(key);
          else known.set(key, id);
        }
      }
      const holders = new Map<string, string>();
      for (const key of ids.keys()) {
        const id = known.get(key) ?? claims.get(key);
        if (id !== undefined) holders.set(key, id);
      }
      return holders;
    },
  };
}

function idsByKey(clusters: readonly Cluster[]): ReadonlyMap<string, readonly string[]> {
  const ids = new Map<string, string[]>();
  for (const {id, validators} of clusters) {
    for (const key of validators.keys()) ids.set(key, [...(ids.get(key) ?? []), id]);
  }
  return ids;
}
