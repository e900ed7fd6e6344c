import type {Dirent} from "node:fs";
import {readdir, stat} from "node:fs/promises";
import {join} from "node:path";
import {unreadable} from "../runtime/files.js";

/**
 * Finds every .json file of a directory and its folders, in order: charon, Teku and Prysm store keystores side by side,
 * Lighthouse, Lodestar and Nimbus each in a folder named after its key. Hidden folders are ignored: in a volume that Kubernetes
 * mounts, they hold the same files again. FILE_MISSING or FILE_UNREADABLE for the directory.
 */
export async function findJsonFiles(directory: string): Promise<string[]> {
  const entries = await readdir(directory, {withFileTypes: true}).catch((cause) => {
    throw unreadable(directory, "the keystores in", cause);
  });
  const found = await Promise.all(entries.map((entry) => jsonFilesOf(directory, entry)));
  return found.flat().sort();
}

async function jsonFilesOf(directory: string, entry: Dirent): Promise<string[]> {
  const path = join(directory, entry.name);
  if (entry.name.startsWith(".")) return [];
  if (!(await isFolder(entry, path))) return entry.name.endsWith(".json") ? [path] : [];
  const names = await readdir(path).catch(() => []);
  return names.filter((name) => name.endsWith(".json") && !name.startsWith(".")).map((name) => join(path, name));
}

const isFolder = async (entry: Dirent, path: string): Promise<boolean> =>
  entry.isSymbolicLink() ? (await stat(path).catch(() => undefined))?.isDirectory() === true : entry.isDirectory();

/** Whether the name is that of a keystore; other .json files are keystores if they have the fields of one. */
export const isKeystoreName = (path: string): boolean => /(^|[/\\])(keystore|voting-keystore)[^/\\]*\.json$/.test(path);
