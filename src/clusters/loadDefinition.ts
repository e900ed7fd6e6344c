import type {NetworkName} from "../../schemas/fields.js";
import {DvtError} from "../errors.js";
import {readJsonValue} from "../runtime/files.js";
import {yieldToEventLoop} from "../runtime/yieldToEventLoop.js";
import type {ClusterDefinition, DefinitionOptions} from "./cluster.js";
import {findDefinitionFiles} from "./definitionFiles.js";
import {type DefinitionPart, mergeDefinitions} from "./mergeDefinitions.js";
import {isObolLock, readObolDefinition} from "./obol/obolLock.js";
import {isSsvKeyshares, readSsvKeyshares} from "./ssv/ssvKeyshares.js";

/** A kind of file that defines a cluster: how it is told from the others, and read. */
type Kind = {
  knows(value: unknown): boolean;
  read(value: unknown, path: string, network: NetworkName, options: DefinitionOptions): Promise<ClusterDefinition>;
};

const kinds: readonly Kind[] = [
  {knows: isObolLock, read: readObolDefinition},
  {knows: isSsvKeyshares, read: readSsvKeyshares},
];

/** The definition in one file, told by its content. CLUSTER_DEFINITION_UNKNOWN when it is of no kind that we know. */
export async function readDefinitionFile(
  path: string,
  network: NetworkName,
  options: DefinitionOptions,
): Promise<ClusterDefinition> {
  const value = await readJsonValue(path, "the cluster definition", "CLUSTER_DEFINITION_UNKNOWN");
  await yieldToEventLoop();
  const kind = kinds.find(({knows}) => knows(value));
  if (kind) return kind.read(value, path, network, options);
  throw new DvtError(
    "CLUSTER_DEFINITION_UNKNOWN",
    `read the cluster definition ${path}: it is neither an Obol cluster lock nor an SSV keyshares file`,
  );
}

/** What a file, a directory or a glob says of one cluster, whoever wrote it. A validator may stand in one file only. */
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
