import {existsSync} from "node:fs";
import {mkdir, mkdtemp, rename, rm} from "node:fs/promises";
import {homedir} from "node:os";
import {dirname, join} from "node:path";

const root = (): string => join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "dvt-exits");

/**
 * A folder of the user's cache, filled once by `fill` and shared by all checkouts. It is moved into place whole: an interrupted
 * one never counts as complete, and two processes may fill it at once.
 */
export async function cached(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(root(), name);
  if (existsSync(folder)) return folder;
  await mkdir(dirname(folder), {recursive: true});
  const draft = await mkdtemp(`${folder}.`);
  try {
    await fill(draft);
    await rename(draft, folder).catch((error) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(draft, {recursive: true, force: true});
  }
  return folder;
}
