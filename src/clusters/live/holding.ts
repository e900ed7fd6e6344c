import type {Cluster} from "../cluster.js";
import type {Clusters} from "../clusters.js";
import type {FindHolders} from "./findHolders.js";

/** Who has each validator, as far as that is known. Not for two questions at once. */
export type Holding = {
  /** By public key, the id of the one cluster that has it; none where nobody is to. Rejects as `findHolders` does. */
  holdersOf(clusters: readonly Cluster[], inForce: Clusters, findHolders?: FindHolders): Promise<ReadonlyMap<string, string>>;
};

/**
 * A validator is the cluster's that had it first. Of one that nobody had, the only cluster that wants it has it, or the one that
 * has it in force; where several want it anew, nobody.
 */
export function createHolding(): Holding {
  /** As it was found last. */
  const known = new Map<string, string>();

  return {
    async holdersOf(clusters, inForce, findHolders) {
      const ids = wantedBy(clusters);
      const wanted = new Map<string, string | undefined>();
      for (const [key, [id, ...others]] of ids) {
        // Whoever has it and is alone in that need not ask again.
        if (others.length === 0 && known.get(key) === id) continue;
        const current = inForce.byPublicKey(key)?.cluster.id;
        wanted.set(key, others.length === 0 ? id : ids.get(key)?.find((it) => it === current));
      }
      if (findHolders && wanted.size > 0) {
        const found = await findHolders(wanted);
        for (const key of wanted.keys()) known.delete(key);
        for (const [key, id] of found) known.set(key, id);
      }
      const holders = new Map<string, string>();
      for (const key of ids.keys()) {
        const id = known.get(key) ?? wanted.get(key);
        if (id !== undefined) holders.set(key, id);
      }
      return holders;
    },
  };
}

function wantedBy(clusters: readonly Cluster[]): ReadonlyMap<string, readonly string[]> {
  const ids = new Map<string, string[]>();
  for (const {id, validators} of clusters) {
    for (const key of validators.keys()) ids.set(key, [...(ids.get(key) ?? []), id]);
  }
  return ids;
}
