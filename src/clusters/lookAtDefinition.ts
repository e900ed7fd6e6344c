import {type NetworkName, networkNames} from "../../schemas/fields.js";
import {knownNetworkOf} from "../consensus/networks.js";
import {readJsonValue} from "../runtime/files.js";
import type {ClusterDefinition, DefinitionOptions} from "./cluster.js";
import {findDefinitionFiles} from "./definitionFiles.js";
import {loadDefinition} from "./loadDefinition.js";
import {isObolLock, readObolLock, toObolLock} from "./obol/obolLock.js";

/** A definition to be looked at: of any network, or of one that the file does not name. */
export type SeenDefinition = Omit<ClusterDefinition, "network"> & {readonly network?: string};

/**
 * With a network, read as a role of that network would; without one, of whichever network the file names, or the first of several
 * files. Of a network that is none of ours it is that file alone.
 */
export async function lookAtDefinition(
  path: string,
  network: NetworkName | undefined,
  options: DefinitionOptions,
): Promise<SeenDefinition> {
  if (network !== undefined) return loadDefinition(path, network, options);
  const [first] = (await findDefinitionFiles(path)) as [string];
  const value = await readJsonValue(first, "the cluster definition", "CLUSTER_DEFINITION_UNKNOWN");
  if (!isObolLock(value)) {
    // No other kind names a network, so any will do to read it by.
    const {network: _, ...definition} = await loadDefinition(path, "mainnet", options);
    return definition;
  }
  const lock = toObolLock(value, first);
  const named = knownNetworkOf(lock.cluster_definition.fork_version);
  const ours = networkNames.find((name) => name === named);
  if (ours !== undefined) return loadDefinition(path, ours, options);
  return {...(named !== undefined && {network: named}), ...readObolLock(lock, first, options)};
}
