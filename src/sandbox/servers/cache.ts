import {existsSync} from "node:fs";
import {mkdir, mkdtemp, rename, rm} from "node:fs/promises";
import {homedir} from "node:os";
import {dirname, join} from "node:path";

const root = (): string => join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "dvt-exits");

/**
 * A folder of the user's cache, made once by `fill` and then found again by every clone. It is moved into place whole, so that
 * one that was interrupted is never taken for complete, and two at once do not harm each other.
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
