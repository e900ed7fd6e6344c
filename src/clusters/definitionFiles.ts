import {readdir, stat} from "node:fs/promises";
import {dirname, join, relative} from "node:path";
import {DvtError} from "../errors.js";
import {unreadable} from "../runtime/files.js";
import {stampOf} from "../runtime/stamp.js";

/**
 * The file names of charon (cluster-lock.json), ssv-keys (keyshares-<time>.json) and ssv-dkg (keyshares.json). Their directories
 * also hold other files: deposit data, proofs, keystores.
 */
const isDefinition = (name: string): boolean => /^[^.].*\.json$/i.test(name) && /cluster-lock|keyshares/i.test(name);

/**
 * The files that a definition names, in order: a file, the matches of a glob, or the definitions in a directory, or else in its
 * folders. FILE_MISSING when there is no such file, CLUSTER_DEFINITION_MISSING when a directory or a glob has none.
 */
export async function findDefinitionFiles(definition: string): Promise<readonly string[]> {
  const found = await find(definition);
  if (found.length > 0) return found;
  throw new DvtError(
    "CLUSTER_DEFINITION_MISSING",
    `find the cluster definition ${definition}: no file found; in a directory, or in its folders, name the files *cluster-lock*.json or *keyshares*.json`,
  );
}

async function find(definition: string): Promise<string[]> {
  try {
    if (!(await stat(definition)).isDirectory()) return [definition];
    const own = await definitionsIn(definition);
    return own.length > 0 ? own : (await Promise.all((await foldersIn(definition)).map(definitionsIn))).flat();
  } catch (cause) {
    const {glob, isDynamicPattern} = await import("tinyglobby");
    if (!isDynamicPattern(definition)) throw unreadable(definition, "the cluster definition", cause);
    const cwd = await folderOf(definition);
    return (await glob(relative(cwd, definition), {cwd, absolute: true})).sort();
  }
}

const definitionsIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder))
    .filter(isDefinition)
    .sort()
    .map((name) => join(folder, name));

/** ssv-dkg writes each validator into a folder of its own, and for several also a file with all of them. */
const foldersIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, {withFileTypes: true}))
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map(({name}) => join(folder, name))
    .sort();

/** The longest existing folder of the pattern: special characters in the names of existing folders are not a pattern. */
async function folderOf(pattern: string): Promise<string> {
  const folder = dirname(pattern);
  return (await stampOf(folder)) === "" ? folderOf(folder) : folder;
}
