import type {Cluster} from "../clusters/cluster.js";
import type {Participants} from "../participants/participants.js";

/** The share indexes of a cluster: those of its definition, or, before its first validator, those of participants.json. */
export function shareIndexesOf({id, validators}: Cluster, {clusters}: Pick<Participants, "clusters">): number[] {
  const [first] = validators.values();
  const listed = clusters.find((entry) => entry.id === id)?.sidecars.map(({shareIndex}) => shareIndex) ?? [];
  return [...new Set([...(first?.publicKeyShares.keys() ?? []), ...listed])].sort((a, b) => a - b);
}
