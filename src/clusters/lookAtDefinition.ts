import type {NetworkName} from "../../schemas/fields.js";
import {knownNetworkOf} from "../consensus/networks.js";
import {readJsonValue} from "../runtime/files.js";
import type {ClusterDefinition, DefinitionOptions} from "./cluster.js";
import {loadDefinition} from "./loadDefinition.js";
import {isObolLock, readObolLock, toObolLock} from "./obol/obolLock.js";

/** A definition to be looked at: of any network, or of one that the file does not name. */
export type SeenDefinition = Omit<ClusterDefinition, "network"> & {readonly network?: string};

/** With a network, read as a role of that network would; without one, of whichever network the file names. */
export async function lookAtDefinition(
  path: string,
  network: NetworkName | undefined,
  options: DefinitionOptions,
): Promise<SeenDefinition> {
  if (network !== undefined) return loadDefinition(path, network, options);
  const value = await readJsonValue(path, "the cluster definition", "CLUSTER_LOCK_INVALID");
  if (isObolLock(value)) {
    const lock = toObolLock(value, path);
    const named = knownNetworkOf(lock.cluster_definition.fork_version);
    return {...(named !== undefined && {network: named}), ...readObolLock(lock, path, options)};
  }
  // No other kind names a network, so any will do to read it by.
  const {network: _, ...definition} = await loadDefinition(path, "mainnet", options);
  return definition;
}
