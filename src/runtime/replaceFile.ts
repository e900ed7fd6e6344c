import {renameSync} from "node:fs";
import {type FileHandle, open} from "node:fs/promises";
import {dirname} from "node:path";
import {syncFolder} from "./syncFolder.js";

type Replacing = {
  /** Where the content is written first: a file in the same folder. Whoever calls deletes it after an error. */
  readonly temporary: string;
  readonly mode: number;
  /** Runs right before the new file takes its place, and throws if it must not. */
  readonly lastCheck?: () => void;
};

/** Replaces a file and returns the new one, open. Readers see the old file or the whole new one, also after a power cut. */
export async function replaceFile(
  path: string,
  content: string | Uint8Array,
  {temporary, mode, lastCheck}: Replacing,
): Promise<FileHandle> {
  const handle = await open(temporary, "w", mode);
  try {
    await handle.writeFile(content);
    await handle.sync();
    lastCheck?.();
    // Synchronous, so that nothing happens between the check and the rename.
    renameSync(temporary, path);
    await syncFolder(dirname(path));
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}
