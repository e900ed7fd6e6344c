import type {Collection, Filter} from "mongodb";
import {guard} from "./connect.js";

/** How many of a cluster, and the earliest time of them. */
export type ClusterCount = {readonly count: number; readonly oldest: number};

type Counted<D> = {readonly where: Filter<D>; readonly by: string};

/** Counts documents, by cluster. A cluster without any is missing. */
export const countByCluster = <D extends {_id: string}>(
  collection: Collection<D>,
  {where, by}: Counted<D>,
): Promise<ReadonlyMap<string, ClusterCount>> =>
  guard(async () => {
    const group = {_id: "$cluster_id", count: {$sum: 1}, oldest: {$min: `$${by}`}};
    const groups = await collection.aggregate<{_id: string} & ClusterCount>([{$match: where}, {$group: group}]).toArray();
    return new Map(groups.map(({_id, count, oldest}) => [_id, {count, oldest}]));
  });
