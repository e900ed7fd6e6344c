import {readdir, stat} from "node:fs/promises";
import {dirname, join, relative} from "node:path";
import {glob, isDynamicPattern} from "tinyglobby";
import {DvtError} from "../errors.js";
import {unreadable} from "../runtime/files.js";
import {stampOf} from "../runtime/stamp.js";

/**
 * What charon (cluster-lock.json), ssv-keys (keyshares-<time>.json) and ssv-dkg (keyshares.json) write. A directory may hold
 * other files beside them: deposit data, proofs, keystores.
 */
const isDefinition = (name: string): boolean => /^[^.].*\.json$/i.test(name) && /cluster-lock|keyshares/i.test(name);

/**
 * The files that a definition names, in order: a file, what a glob matches, or a directory's definitions. FILE_UNREADABLE
 * when there is no such file, CLUSTER_DEFINITION_MISSING when a directory or a glob has none.
 */
export async function findDefinitionFiles(definition: string): Promise<readonly string[]> {
  const found = await look(definition);
  if (found.length > 0) return found;
  throw new DvtError(
    "CLUSTER_DEFINITION_MISSING",
    `find the cluster definition ${definition}: there is no file; in a directory those count that are called *cluster-lock*.json or *keyshares*.json`,
  );
}

async function look(definition: string): Promise<string[]> {
  try {
    if (!(await stat(definition)).isDirectory()) return [definition];
    const names = await readdir(definition);
    return names
      .filter(isDefinition)
      .sort()
      .map((name) => join(definition, name));
  } catch (cause) {
    if (!isDynamicPattern(definition)) throw unreadable(definition, "the cluster definition", cause);
    const cwd = await folderOf(definition);
    return (await glob(relative(cwd, definition), {cwd, absolute: true})).sort();
  }
}

/** As far as its folders are there they are no pattern, whatever letters are in their names. */
async function folderOf(pattern: string): Promise<string> {
  const folder = dirname(pattern);
  return (await stampOf(folder)) === "" ? folderOf(folder) : folder;
}
