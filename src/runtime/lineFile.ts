import {fstatSync, statSync, writeSync} from "node:fs";
import {type FileHandle, readFile} from "node:fs/promises";
import type {Static, TSchema} from "typebox";
import {Check} from "typebox/schema";
import {type FileLock, type LockOptions, lockFile} from "./lockFile.js";
import {replaceFile} from "./replaceFile.js";

/** A file of lines that only this process writes; resolved appends survive kill -9 and a power cut. */
export type LineFile = {
  append(lines: readonly string[]): Promise<void>;
  /** Replaces the whole file atomically: a reader, or a process after a crash, sees the old file or the new one. */
  replace(lines: readonly string[]): Promise<void>;
  close(): Promise<void>;
};

/** The complete lines, and whether the last one was torn: its append never resolved. A missing file has no lines. */
export type Lines = {readonly lines: readonly string[]; readonly torn: boolean};

async function readLines(path: string): Promise<Lines> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const lines = text.split("\n");
  return {torn: lines.pop() !== "", lines};
}

/** The JSON value of a line, or undefined if it does not match the schema. */
export function parseLine<S extends TSchema>(schema: S, line: string): Static<S> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return Check(schema, value) ? (value as Static<S>) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Locks the file, reads it, and replaces its lines with what `begin` returns for them. FILE_IN_USE when another process uses it.
 * Once another process takes it over, nothing more is written.
 */
export async function openLineFile(
  path: string,
  locking: LockOptions,
  begin: (read: Lines) => readonly string[],
): Promise<LineFile> {
  const lock = await lockFile(path, locking);
  try {
    return await openLocked(path, lock, begin(await readLines(path)));
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function openLocked(path: string, lock: FileLock, lines: readonly string[]): Promise<LineFile> {
  const replace = async (all: readonly string[]) => {
    const bytes = toBytes(all);
    // The lock makes the name ours: what a crash left there is overwritten.
    const file = await replaceFile(path, bytes, {temporary: `${path}.tmp`, mode: 0o600, lastCheck: lock.expectHeld});
    return {handle: file, size: bytes.length};
  };
  let {handle, size} = await replace(lines);
  let failed = false;
  const expectOurs = (): void => {
    lock.expectHeld();
    expectUnreplaced(path, handle);
  };
  return {
    async append(added) {
      expectOurs();
      // Otherwise, the rest of a write that failed halfway would remain between good lines.
      if (failed) await handle.truncate(size);
      failed = true;
      const bytes = toBytes(added);
      // Writing to the page cache takes microseconds, less than a hop to another thread. Only the disk is awaited.
      writeAll(handle, bytes, size);
      await handle.datasync();
      // A process that takes it over reads it after this, and sees these lines.
      expectOurs();
      size += bytes.length;
      failed = false;
    },
    async replace(all) {
      expectOurs();
      const old = handle;
      ({handle, size} = await replace(all));
      failed = false;
      await old.close();
    },
    async close() {
      await handle.close();
      await lock.release();
    },
  };
}

const toBytes = (lines: readonly string[]): Buffer => Buffer.from(lines.map((line) => `${line}\n`).join(""));

function writeAll({fd}: FileHandle, bytes: Buffer, position: number): void {
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(fd, bytes, written, bytes.length - written, position + written);
  }
}

/** Throws if somebody has replaced or removed the file: nobody would ever read what we write into ours. */
function expectUnreplaced(path: string, {fd}: FileHandle): void {
  const [there, ours] = [statSync(path), fstatSync(fd)];
  if (there.ino !== ours.ino || there.dev !== ours.dev) throw new Error("another file has replaced it");
}
