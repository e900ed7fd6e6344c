import {Type} from "typebox";
import type {NetworkName} from "../../schemas/fields.js";
import {readJson} from "../runtime/files.js";
import type {ClusterDefinition} from "./cluster.js";
import {loadObolLock} from "./obolLock.js";
import {isSsvKeyshares, readSsvKeyshares} from "./ssvKeyshares.js";

/** The definition in this file, whoever wrote it. */
export async function loadDefinition(path: string, network: NetworkName): Promise<ClusterDefinition> {
  const value = await readJson(path, "the cluster definition", Type.Unknown(), "CLUSTER_LOCK_INVALID");
  return isSsvKeyshares(value) ? readSsvKeyshares(value, path, network) : loadObolLock(path, network);
}
