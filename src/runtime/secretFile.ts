import {open, rm, stat} from "node:fs/promises";
import {dirname} from "node:path";
import {DvtError} from "../errors.js";
import {unreadable, unwritable} from "./files.js";
import {syncFolder} from "./syncFolder.js";

/** Reads a file that holds a key; KEY_FILE_EXPOSED, as with ssh, if anybody but its owner has access, unless `allowExposed`. */
export async function readKeyFile(path: string, what: string, {allowExposed}: {allowExposed: boolean}): Promise<string> {
  try {
    // Checks the same open file that is read.
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

/** Writes a key durably into a new file that only its owner can read; FILE_UNWRITABLE if the file exists. */
export async function writeKeyFile(path: string, key: string): Promise<void> {
  try {
    const file = await open(path, "wx", 0o600);
    try {
      await file.writeFile(`${key}\n`);
      await file.sync();
    } catch (error) {
      // Half a key would block the next attempt.
      await rm(path, {force: true});
      throw error;
    } finally {
      await file.close();
    }
    await syncFolder(dirname(path));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw unwritable(`write ${path}`, cause);
    const why = "the file already exists, and its key may be in use; choose another path";
    throw new DvtError("FILE_UNWRITABLE", `write ${path}: ${why}`, {cause});
  }
}

/** Whether others can access a file: both it and its folder are open to them. */
export async function canOthersRead(path: string): Promise<boolean> {
  const [file, folder] = await Promise.all([stat(path), stat(dirname(path))]);
  return isExposed(file.mode) && isExposed(folder.mode);
}

const isExposed = (mode: number): boolean => (mode & 0o077) !== 0;

const exposed = (path: string, what: string, mode: number): DvtError =>
  new DvtError(
    "KEY_FILE_EXPOSED",
    `read ${what} ${path}: others can access it (mode ${(mode & 0o777).toString(8).padStart(4, "0")}); ` +
      `run \`chmod 600 ${path}\`, or set ALLOW_EXPOSED_KEY_FILES=true if something else keeps others out`,
  );
