import type {NetworkName} from "../../schemas/fields.js";
import type {ClusterDefinition} from "./cluster.js";
import type {DefinitionReader} from "./live/definitionReader.js";
import {createFileReader} from "./live/fileReader.js";

/** Reads definitions by their path, each again only if its files have changed: to verify a large one takes seconds. Errors as loadDefinition. */
export function openDefinitionFiles(network: NetworkName): (path: string) => Promise<ClusterDefinition> {
  const readers = new Map<string, DefinitionReader>();
  return async (path) => {
    const reader = readers.get(path) ?? createFileReader(path, network);
    readers.set(path, reader);
    return (await reader.read()) as ClusterDefinition;
  };
}
