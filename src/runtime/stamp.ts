import {stat} from "node:fs/promises";

/** A text that changes when the file is written, replaced or gets other permissions; empty if there is no file. */
export async function stampOf(path: string): Promise<string> {
  try {
    const {mtimeMs, ctimeMs, size, ino} = await stat(path);
    return `${mtimeMs} ${ctimeMs} ${size} ${ino}`;
  } catch {
    return "";
  }
}
