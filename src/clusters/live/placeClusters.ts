import {DvtError} from "../../errors.js";
import type {Cluster, Validator} from "../cluster.js";
import type {Clusters} from "../clusters.js";

/** Clusters without a validator in common. */
export type PlacedClusters = {
  readonly clusters: readonly Cluster[];
  /** By cluster id, why some of its validators are left out. */
  readonly contested: ReadonlyMap<string, DvtError>;
};

/**
 * Leaves each validator only in the cluster that holds it (`holders`: by public key), and removes it from every other cluster
 * that names it (VALIDATOR_IN_TWO_CLUSTERS). Such a cluster keeps its other validators.
 */
export function placeClusters(
  named: readonly Cluster[],
  holders: ReadonlyMap<string, string>,
  current: Clusters,
): PlacedClusters {
  const contested = new Map<string, DvtError>();
  const clusters = named.map((cluster) => {
    const others = [...cluster.validators.keys()].filter((key) => holders.get(key) !== cluster.id);
    if (others.length === 0) return cluster;
    contested.set(cluster.id, contestedError(cluster.id, others, holders));
    const validators = new Map([...cluster.validators].filter(([key]) => holders.get(key) === cluster.id));
    const before = current.byId(cluster.id)?.validators;
    return {...cluster, validators: before && areSame(before, validators) ? before : validators};
  });
  return {clusters, contested};
}

type Validators = ReadonlyMap<string, Validator>;

const areSame = (before: Validators, now: Validators): boolean =>
  before.size === now.size && [...now].every(([key, validator]) => before.get(key) === validator);

function contestedError(id: string, keys: readonly string[], holders: ReadonlyMap<string, string>): DvtError {
  const [first = "", ...others] = keys;
  const more = others.length > 0 ? ` and ${others.length} others` : "";
  const holder = holders.get(first);
  const whose = holder === undefined ? "which several clusters name for the first time" : `which belongs to cluster ${holder}`;
  return new DvtError(
    "VALIDATOR_IN_TWO_CLUSTERS",
    `update cluster ${id}: it names validator ${first}${more}, ${whose}; left out until \`dvt clusters move\` assigns them to it`,
  );
}
