import type {Network} from "../consensus/networks.js";

/** A sidecar: the node of a cluster that has the key shares of this index, counted from 1. */
export type SidecarId = {readonly network: Network; readonly clusterId: string; readonly shareIndex: number};
