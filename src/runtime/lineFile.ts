import {fstatSync, statSync, writeSync} from "node:fs";
import {type FileHandle, open, readFile, rename} from "node:fs/promises";
import {dirname} from "node:path";
import type {Static, TSchema} from "typebox";
import {Value} from "typebox/value";

/** A file that grows by lines. What append() has resolved for survives kill -9 and a power cut. */
export type LineFile = {
  append(lines: readonly string[]): Promise<void>;
  /** All of it at once: a reader, and whoever starts after a crash, sees the old file or the new one. */
  replace(lines: readonly string[]): Promise<void>;
  close(): Promise<void>;
};

/** The whole lines, and whether the last one was torn: its append never resolved. No file is an empty one. */
export async function readLines(path: string): Promise<{lines: string[]; torn: boolean}> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const lines = text.split("\n");
  return {torn: lines.pop() !== "", lines};
}

/** The JSON value of a line, or undefined where it is none that fits. */
export function parseLine<S extends TSchema>(schema: S, line: string): Static<S> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return Value.Check(schema, value) ? (value as Static<S>) : undefined;
  } catch {
    return undefined;
  }
}

/** Begins with these lines; whatever was there is replaced. */
export async function openLineFile(path: string, lines: readonly string[]): Promise<LineFile> {
  let {handle, size} = await replaceFile(path, lines);
  let failed = false;
  return {
    async append(added) {
      expectUnreplaced(path, handle);
      // The rest of a write that failed halfway would stand between good lines.
      if (failed) await handle.truncate(size);
      failed = true;
      const bytes = toBytes(added);
      // To the page cache: microseconds, where a turn on another thread is a fraction of a millisecond. The disk is waited for.
      writeAll(handle, bytes, size);
      await handle.datasync();
      size += bytes.length;
      failed = false;
    },
    async replace(all) {
      expectUnreplaced(path, handle);
      const old = handle;
      ({handle, size} = await replaceFile(path, all));
      failed = false;
      await old.close();
    },
    close: () => handle.close(),
  };
}

const toBytes = (lines: readonly string[]): Buffer => Buffer.from(lines.map((line) => `${line}\n`).join(""));

async function replaceFile(path: string, lines: readonly string[]): Promise<{handle: FileHandle; size: number}> {
  const temporary = `${path}.tmp`;
  const handle = await open(temporary, "w", 0o600);
  try {
    const bytes = toBytes(lines);
    writeAll(handle, bytes, 0);
    await handle.sync();
    await rename(temporary, path);
    await syncFolder(dirname(path));
    return {handle, size: bytes.length};
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function writeAll({fd}: FileHandle, bytes: Buffer, position: number): void {
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(fd, bytes, written, bytes.length - written, position + written);
  }
}

/** A rename is on disk when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Another process that opened the file replaced it: what we wrote into ours, nobody would ever read. */
function expectUnreplaced(path: string, {fd}: FileHandle): void {
  const [there, ours] = [statSync(path), fstatSync(fd)];
  if (there.ino !== ours.ino || there.dev !== ours.dev) throw new Error("another process has taken the file over");
}
