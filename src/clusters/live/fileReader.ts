import type {NetworkName} from "../../../schemas/fields.js";
import {DvtError} from "../../errors.js";
import {stampOf} from "../../runtime/stamp.js";
import type {ClusterDefinition, DefinitionOptions} from "../cluster.js";
import {findDefinitionFiles} from "../definitionFiles.js";
import {readDefinitionFile} from "../loadDefinition.js";
import {type DefinitionPart, mergeDefinitions} from "../mergeDefinitions.js";
import type {DefinitionReader} from "./definitionReader.js";

type Outcome = ClusterDefinition | DvtError;
type StampedFile = {readonly path: string; readonly stamp: string};

/** Reads a file, a directory or a glob, and reads each file again only when its stamp has changed. */
export function createFileReader(definition: string, network: NetworkName, options: DefinitionOptions = {}): DefinitionReader {
  const parts = new Map<string, {stamp: string; outcome: Outcome}>();
  let last: {seen: string; outcome: Outcome} | undefined;

  const readPart = async ({path, stamp}: StampedFile): Promise<ClusterDefinition> => {
    const known = parts.get(path);
    const outcome = known?.stamp === stamp ? known.outcome : await outcomeOf(() => readDefinitionFile(path, network, options));
    // An unreadable file may become readable without a change of the file.
    if (!isUnreadable(outcome)) parts.set(path, {stamp, outcome});
    return unwrap(outcome);
  };
  const readAll = async (files: readonly StampedFile[]): Promise<ClusterDefinition> => {
    const paths = new Set(files.map(({path}) => path));
    for (const path of parts.keys()) if (!paths.has(path)) parts.delete(path);
    const all: DefinitionPart[] = [];
    for (const file of files) all.push({path: file.path, definition: await readPart(file)});
    return mergeDefinitions(all as [DefinitionPart]);
  };

  return {
    isFinal: false,
    async read() {
      const files = await outcomeOf(() => stamp(definition));
      const seen = files instanceof DvtError ? files.message : JSON.stringify(files);
      if (last?.seen !== seen || isUnreadable(last.outcome)) {
        const outcome = files instanceof DvtError ? files : await outcomeOf(() => readAll(files));
        last = {seen, outcome: last && isSame(last.outcome, outcome) ? last.outcome : outcome};
      }
      return unwrap(last.outcome);
    },
    ready: async () => {},
    stop: async () => {},
  };
}

/** Takes the stamps before the files are read, so that a change meanwhile is noticed the next time. */
const stamp = async (definition: string): Promise<readonly StampedFile[]> =>
  Promise.all((await findDefinitionFiles(definition)).map(async (path) => ({path, stamp: await stampOf(path)})));

async function outcomeOf<T>(read: () => Promise<T>): Promise<T | DvtError> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof DvtError) return error;
    throw error;
  }
}

function unwrap(outcome: Outcome): ClusterDefinition {
  if (outcome instanceof DvtError) throw outcome;
  return outcome;
}

const isUnreadable = (outcome: Outcome): boolean =>
  outcome instanceof DvtError && (outcome.code === "FILE_UNREADABLE" || outcome.code === "FILE_MISSING");

/** Whether a retry failed in the same way. */
const isSame = (before: Outcome, now: Outcome): boolean =>
  isUnreadable(before) && isUnreadable(now) && (before as DvtError).message === (now as DvtError).message;
