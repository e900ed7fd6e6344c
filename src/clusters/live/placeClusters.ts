import {DvtError} from "../../errors.js";
import type {Cluster, Validator} from "../cluster.js";
import type {Clusters} from "../clusters.js";

export type Placed = {
  readonly clusters: readonly Cluster[];
  /** By cluster, why some of its validators are left out. */
  readonly contested: ReadonlyMap<string, DvtError>;
};

/**
 * No validator stands in two clusters: it is its holder's (by public key), and is left out of every other that names it
 * (VALIDATOR_IN_TWO_CLUSTERS). What else such a cluster has, it keeps.
 */
export function placeClusters(wanted: readonly Cluster[], holders: ReadonlyMap<string, string>, inForce: Clusters): Placed {
  const contested = new Map<string, DvtError>();
  const clusters = wanted.map((cluster) => {
    const others = [...cluster.validators.keys()].filter((key) => holders.get(key) !== cluster.id);
    if (others.length === 0) return cluster;
    contested.set(cluster.id, notItsOwn(cluster.id, others, holders));
    const validators = new Map([...cluster.validators].filter(([key]) => holders.get(key) === cluster.id));
    const before = inForce.byId(cluster.id)?.validators;
    return {...cluster, validators: before && areSame(before, validators) ? before : validators};
  });
  return {clusters, contested};
}

type Validators = ReadonlyMap<string, Validator>;

const areSame = (before: Validators, now: Validators): boolean =>
  before.size === now.size && [...now].every(([key, validator]) => before.get(key) === validator);

function notItsOwn(id: string, keys: readonly string[], holders: ReadonlyMap<string, string>): DvtError {
  const [first = "", ...others] = keys;
  const more = others.length > 0 ? ` and ${others.length} others` : "";
  const holder = holders.get(first);
  const whose = holder === undefined ? "of which several clusters are new owners" : `which cluster ${holder} had before`;
  return new DvtError(
    "VALIDATOR_IN_TWO_CLUSTERS",
    `take cluster ${id}: it names validator ${first}${more}, ${whose}; left out until \`dvt clusters move\` says that they are its own`,
  );
}
