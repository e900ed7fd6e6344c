import type {ClusterDefinition} from "../../../src/clusters/cluster.js";
import type {ClusterLock} from "../../../src/clusters/obol/clusterLock.js";
import {readObolLock} from "../../../src/clusters/obol/obolLock.js";
import {networks} from "../../../src/consensus/networks.js";
import {type DealtValidator, dealValidator, toClusterLock} from "../../../src/sandbox/makeCluster.js";

export type TestCluster = {validators: DealtValidator[]; lock: ClusterLock; definition: ClusterDefinition};

/** A cluster of 4 operators on hoodi, 3 of whom can sign. */
export function aCluster({validators: count = 2, nodes = 4, threshold = 3, network = networks.hoodi} = {}): TestCluster {
  const validators = Array.from({length: count}, () => dealValidator(nodes, threshold));
  const lock = toClusterLock(network, validators, nodes, threshold) as ClusterLock;
  return {validators, lock, definition: {network: network.name, ...readObolLock(lock, "a lock")}};
}
