import {stat} from "node:fs/promises";

/** Another text once the file was written, replaced or given other rights; empty while there is none. */
export async function stampOf(path: string): Promise<string> {
  try {
    const {mtimeMs, ctimeMs, size, ino} = await stat(path);
    return `${mtimeMs} ${ctimeMs} ${size} ${ino}`;
  } catch {
    return "";
  }
}
