import {type NetworkName, networkNames} from "../../schemas/fields.js";
import {knownNetworkOf} from "../consensus/networks.js";
import {readJsonValue} from "../runtime/files.js";
import type {ClusterDefinition, DefinitionOptions} from "./cluster.js";
import {findDefinitionFiles} from "./definitionFiles.js";
import {loadDefinition} from "./loadDefinition.js";
import {isObolLock, readObolLock, toObolLock} from "./obol/obolLock.js";

/** A definition for display: of any network, or of an unknown one. */
export type InspectedDefinition = Omit<ClusterDefinition, "network"> & {readonly network?: string};

/**
 * Reads a definition for display: with a network, as a role of that network would; without one, for the network that the first
 * file names. If that network is not supported, it reads the first file only.
 */
export async function inspectDefinition(
  path: string,
  network: NetworkName | undefined,
  options: DefinitionOptions,
): Promise<InspectedDefinition> {
  if (network !== undefined) return loadDefinition(path, network, options);
  const [first] = (await findDefinitionFiles(path)) as [string];
  const value = await readJsonValue(first, "the cluster definition", "CLUSTER_DEFINITION_UNKNOWN");
  if (!isObolLock(value)) {
    // No other kind names a network, so any network works for reading it.
    const {network: _, ...definition} = await loadDefinition(path, "mainnet", options);
    return definition;
  }
  const lock = toObolLock(value, first);
  const named = knownNetworkOf(lock.cluster_definition.fork_version);
  const ours = networkNames.find((name) => name === named);
  if (ours !== undefined) return loadDefinition(path, ours, options);
  return {...(named !== undefined && {network: named}), ...readObolLock(lock, first, options)};
}
