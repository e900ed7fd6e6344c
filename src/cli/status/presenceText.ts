import type {ClusterStatus, Status} from "../../../schemas/status.js";
import {rolesTable} from "./rolesTable.js";
import {shareIndexesTable} from "./shareIndexesTable.js";

/** What everybody last said about itself, which is known without a relayer too; its exits are not. */
export type Seen = Pick<Status, "network" | "at" | "roles"> & {
  readonly clusters: readonly Pick<ClusterStatus, "cluster_id" | "share_indexes">[];
};

type Options = {readonly reason: string; readonly width?: number | undefined};

/** The same for people, and why there is no more. */
export const presenceText = ({at, clusters, roles}: Seen, {reason, width}: Options): string =>
  [
    `! ${reason}\n  nothing is known of the exits; this is what everybody last said about itself\n`,
    ...clusters.map(({cluster_id, share_indexes}) => `${cluster_id}\n${shareIndexesTable(share_indexes, {at, width})}`),
    rolesTable(roles, {at, width}),
  ]
    .filter((part) => part !== "")
    .join("\n");
