import type {NetworkName} from "../../schemas/fields.js";
import {DvtError} from "../errors.js";
import {readJsonValue} from "../runtime/files.js";
import {yieldToEventLoop} from "../runtime/yieldToEventLoop.js";
import type {ClusterDefinition, DefinitionOptions} from "./cluster.js";
import {findDefinitionFiles} from "./definitionFiles.js";
import {type DefinitionPart, mergeDefinitions} from "./mergeDefinitions.js";
import {isObolLock, readObolDefinition} from "./obol/obolLock.js";
import {isSsvKeyshares, readSsvKeyshares} from "./ssv/ssvKeyshares.js";

/** A kind of file that defines a cluster: how it is recognised and read. */
type Kind = {
  recognises(value: unknown): boolean;
  read(value: unknown, path: string, network: NetworkName, options: DefinitionOptions): Promise<ClusterDefinition>;
};

const kinds: readonly Kind[] = [
  {recognises: isObolLock, read: readObolDefinition},
  {recognises: isSsvKeyshares, read: readSsvKeyshares},
];

/** Reads the definition in one file of any kind; CLUSTER_DEFINITION_UNKNOWN if its content is of no known kind. */
export async function readDefinitionFile(
  path: string,
  network: NetworkName,
  options: DefinitionOptions,
): Promise<ClusterDefinition> {
  const value = await readJsonValue(path, "the cluster definition", "CLUSTER_DEFINITION_UNKNOWN");
  await yieldToEventLoop();
  const kind = kinds.find(({recognises}) => recognises(value));
  if (kind) return kind.read(value, path, network, options);
  throw new DvtError(
    "CLUSTER_DEFINITION_UNKNOWN",
    `read the cluster definition ${path}: it is neither an Obol cluster lock nor an SSV keyshares file`,
  );
}

/** Loads the definition of one cluster from a file, a directory or a glob. */
export async function loadDefinition(
  definition: string,
  network: NetworkName,
  options: DefinitionOptions = {},
): Promise<ClusterDefinition> {
  const parts: DefinitionPart[] = [];
  for (const path of await findDefinitionFiles(definition)) {
    parts.push({path, definition: await readDefinitionFile(path, network, options)});
  }
  return mergeDefinitions(parts as [DefinitionPart]);
}
