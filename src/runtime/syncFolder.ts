import {open} from "node:fs/promises";

/** Syncs a folder to disk: a new or renamed file is durable only once its folder is. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
