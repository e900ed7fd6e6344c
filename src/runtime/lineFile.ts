import {fstatSync, statSync, writeSync} from "node:fs";
import {type FileHandle, readFile} from "node:fs/promises";
import type {Static, TSchema} from "typebox";
import {Value} from "typebox/value";
import {type FileLock, type LockOptions, lockFile} from "./lockFile.js";
import {replaceFile} from "./replaceFile.js";

/** A file that grows by lines, of this process alone. What append() has resolved for survives kill -9 and a power cut. */
export type LineFile = {
  append(lines: readonly string[]): Promise<void>;
  /** All of it at once: a reader, and whoever starts after a crash, sees the old file or the new one. */
  replace(lines: readonly string[]): Promise<void>;
  close(): Promise<void>;
};

/** The whole lines, and whether the last one was torn: its append never resolved. No file is an empty one. */
export type Lines = {readonly lines: readonly string[]; readonly torn: boolean};

async function readLines(path: string): Promise<Lines> {
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

/**
 * Locks the file, reads it, and has it begin with what `begin` makes of its lines. FILE_IN_USE when another process works with
 * it. Where one takes it over, nothing more is written.
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
      // The rest of a write that failed halfway would stand between good lines.
      if (failed) await handle.truncate(size);
      failed = true;
      const bytes = toBytes(added);
      // To the page cache: microseconds, where a turn on another thread is a fraction of a millisecond. The disk is waited for.
      writeAll(handle, bytes, size);
      await handle.datasync();
      // Whoever takes it over reads it after that: it has these lines.
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

/** Somebody put another file in its place, or took it away: what we wrote into ours, nobody would ever read. */
function expectUnreplaced(path: string, {fd}: FileHandle): void {
  const [there, ours] = [statSync(path), fstatSync(fd)];
  if (there.ino !== ours.ino || there.dev !== ours.dev) throw new Error("another file is in its place");
}
