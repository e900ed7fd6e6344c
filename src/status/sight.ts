import type {Cluster} from "../clusters/cluster.js";
import type {StatusSources} from "./sources.js";

/** What a participant may see. */
export type Sight = {
  /** Everything: dead letters, streams and all roles too. */
  readonly isWhole: boolean;
  readonly clusters: readonly Cluster[];
};

/** The administrator and viewers see everything, an operator the clusters of which it may ask. */
export function sightOf({clusters, bus}: Pick<StatusSources, "clusters" | "bus">, participant: string): Sight {
  const {viewers} = bus.participants();
  const isWhole = participant === "admin" || viewers.some(({id}) => participant === `viewer-${id}`);
  const isOwn = ({operatorIds}: Cluster): boolean => operatorIds.some((id) => participant === `operator-${id}`);
  return {isWhole, clusters: isWhole ? clusters.all : clusters.all.filter(isOwn)};
}
