import {DvtError} from "../../errors.js";
import type {Cluster} from "../cluster.js";

/** A cluster as it is, if it takes part already, and as it is to be; the former alone where nothing else is believed. */
export type Placing = {readonly id: string; readonly inForce?: Cluster | undefined; readonly wanted?: Cluster | undefined};

export type Placed = {readonly clusters: readonly Cluster[]; readonly refused: ReadonlyMap<string, DvtError>};

/**
 * No validator stands in two clusters: it stays with the one that has it, and of two that want it anew the first gets it. The
 * other one is refused (VALIDATOR_IN_TWO_CLUSTERS) and stays as it is in force, or is left out.
 */
export function placeClusters(placings: readonly Placing[]): Placed {
  const refused = new Map<string, DvtError>();
  for (;;) {
    const chosen = placings.map((placing) => (refused.has(placing.id) ? {...placing, wanted: undefined} : placing));
    const conflict = findConflict(chosen);
    if (!conflict) return {clusters: chosen.flatMap(({inForce, wanted}) => wanted ?? inForce ?? []), refused};
    refused.set(conflict.id, conflict.error);
  }
}

function findConflict(placings: readonly Placing[]): {id: string; error: DvtError} | undefined {
  const owners = new Map<string, string>();
  // What is in force and stays so has no key in common: it was placed before.
  const stays = ({inForce, wanted}: Placing): boolean => !wanted || wanted.validators === inForce?.validators;
  for (const {id, inForce} of placings.filter(stays)) for (const key of inForce?.validators.keys() ?? []) owners.set(key, id);
  for (const {id, wanted} of placings.filter((placing) => !stays(placing))) {
    for (const key of wanted?.validators.keys() ?? []) {
      const other = owners.get(key);
      if (other !== undefined) return {id, error: inTwo(key, other, id)};
      owners.set(key, id);
    }
  }
  return undefined;
}

const inTwo = (key: string, owner: string, other: string): DvtError =>
  new DvtError(
    "VALIDATOR_IN_TWO_CLUSTERS",
    `take cluster ${other}: its validator ${key} is in cluster ${owner} already; take it out of one of them`,
  );
