import {open, rm, stat} from "node:fs/promises";
import {dirname} from "node:path";
import {DvtError} from "../errors.js";
import {unreadable, unwritable} from "./files.js";
import {syncFolder} from "./syncFolder.js";

/**
 * Text of a file that holds a key. KEY_FILE_EXPOSED, as ssh does it, when anybody but its owner may do anything with it,
 * unless `allowExposed`.
 */
export async function readKeyFile(path: string, what: string, {allowExposed}: {allowExposed: boolean}): Promise<string> {
  try {
    // The file that is looked at is the one that is read.
    const file = await open(path, "r");
    try {
      const found = await file.stat();
      if (found.isFile() && isExposed(found.mode) && !allowExposed) throw exposed(path, what, found.mode);
      return await file.readFile("utf8");
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof DvtError) throw cause;
    throw unreadable(path, what, cause);
  }
}

/** Writes a key into a file that only its owner can read, on disk once it resolves. FILE_UNWRITABLE where there is a file already. */
export async function writeKeyFile(path: string, key: string): Promise<void> {
  try {
    const file = await open(path, "wx", 0o600);
    try {
      await file.writeFile(`${key}\n`);
      await file.sync();
    } catch (error) {
      // Half a key would stand in the way of the next one.
      await rm(path, {force: true});
      throw error;
    } finally {
      await file.close();
    }
    await syncFolder(dirname(path));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw unwritable(`write ${path}`, cause);
    const why = "there is a file already, and its key may be in use";
    throw new DvtError("FILE_UNWRITABLE", `write ${path}: ${why}`, {cause});
  }
}

/** Whether others can get at a file: it is open to them, and so is its folder. */
export async function canOthersRead(path: string): Promise<boolean> {
  const [file, folder] = await Promise.all([stat(path), stat(dirname(path))]);
  return isExposed(file.mode) && isExposed(folder.mode);
}

const isExposed = (mode: number): boolean => (mode & 0o077) !== 0;

const exposed = (path: string, what: string, mode: number): DvtError =>
  new DvtError(
    "KEY_FILE_EXPOSED",
    `read ${what} ${path}: others can get at it (mode ${(mode & 0o777).toString(8).padStart(4, "0")}); ` +
      `run \`chmod 600 ${path}\`, or set ALLOW_EXPOSED_KEY_FILES=true where something else keeps others away`,
  );
