import {fstatSync, statSync} from "node:fs";
import {type FileHandle, open, readFile, rm} from "node:fs/promises";
import {setTimeout as delay} from "node:timers/promises";
import {Type} from "typebox";
import {Value} from "typebox/value";
import {DvtError} from "../errors.js";
import type {Logger} from "./logger.js";
import {hasEnded, type ProcessIdentity, processIdentity} from "./processIdentity.js";

/** That this process alone works with a file. */
export type FileLock = {
  /** TAKEN_OVER where that is not so any more. What was written before this returned, whoever takes the file over will read. */
  expectHeld(): void;
  release(): Promise<void>;
};

export type LockOptions = {
  readonly logger: Logger;
  /** Ends the wait. */
  readonly signal: AbortSignal;
  /** Called once, where another process has taken it over. */
  readonly onLost: (error: DvtError) => void;
  /** So long it waits for another process to let go. */
  readonly patienceMs?: number;
  /** The lock shows so often that its process runs, and is anybody's once it did not for `silentMs`. */
  readonly beatMs?: number;
  readonly silentMs?: number;
};

const Holder = Type.Object({
  host: Type.String(),
  pid: Type.Integer({minimum: 1}),
  ...{boot: Type.String(), pid_namespace: Type.String(), started: Type.String()},
});

type Seen = {readonly holder: ProcessIdentity | undefined; readonly beat: string};

/**
 * Makes `path`.lock, or waits until whoever has it lets go, has ended, or shows for a while that it does not run. No clock is
 * compared with another: a process is judged by whether it does something while one looks. FILE_IN_USE when it still does after
 * the patience.
 */
export async function lockFile(path: string, options: LockOptions): Promise<FileLock> {
  const {logger, signal, patienceMs = 30_000, beatMs = 2000, silentMs = 10_000} = options;
  const lockPath = `${path}.lock`;
  const startedAt = performance.now();
  let last: {beat: string; sinceMs: number} | undefined;
  for (;;) {
    const handle = await open(lockPath, "wx", 0o600).catch(unless("EEXIST"));
    if (handle) return signLock(path, lockPath, handle, options);
    const seen = await look(lockPath);
    if (!seen) continue;
    if (last?.beat !== seen.beat) {
      if (!last)
        logger.warn({path, ...named(seen.holder)}, "another process has the file, waiting until it lets go or has ended");
      last = {beat: seen.beat, sinceMs: performance.now()};
    }
    const isSilent = performance.now() - last.sinceMs >= silentMs;
    if (isSilent || (seen.holder && hasEnded(seen.holder))) {
      logger.warn({path, ...named(seen.holder)}, "the process that had the file does not run any more, taking it over");
      if ((await look(lockPath))?.beat === seen.beat) await rm(lockPath, {force: true});
      continue;
    }
    if (performance.now() - startedAt >= patienceMs) {
      const {host = "another machine", pid = 0} = seen.holder ?? {};
      throw new DvtError(
        "FILE_IN_USE",
        `lock ${path}: process ${pid} on ${host} works with it, and still did after ${Math.round(patienceMs / 1000)} s; stop that one, or give this one a file of its own`,
      );
    }
    await delay(Math.min(500, beatMs), undefined, {signal});
  }
}

async function signLock(path: string, lockPath: string, handle: FileHandle, options: LockOptions): Promise<FileLock> {
  try {
    await handle.write(`${JSON.stringify(processIdentity())}\n`);
    return hold(path, lockPath, handle, options);
  } catch (error) {
    await handle.close();
    await rm(lockPath, {force: true});
    throw error;
  }
}

function hold(path: string, lockPath: string, handle: FileHandle, {onLost, beatMs = 2000}: LockOptions): FileLock {
  const {ino, dev} = fstatSync(handle.fd, {bigint: true});
  let lost: DvtError | undefined;
  const isHeld = (): boolean => {
    const there = statSync(lockPath, {bigint: true, throwIfNoEntry: false});
    return there?.ino === ino && there.dev === dev;
  };
  const expectHeld = (): void => {
    if (!lost && !isHeld()) {
      lost = new DvtError("TAKEN_OVER", `keep ${path}: another process has taken it over, or its .lock was deleted`);
      onLost(lost);
    }
    if (lost) throw lost;
  };
  let beats = 0;
  const beat = setInterval(() => {
    try {
      expectHeld();
    } catch {
      clearInterval(beat);
      return;
    }
    // Its time is never compared with a clock: it is another one at each beat, whatever the clock does.
    const at = Math.round(Date.now() / 1000) * 1000 + (++beats % 1000);
    void handle.utimes(at / 1000, at / 1000).catch(() => {});
  }, beatMs).unref();
  return {
    expectHeld,
    async release() {
      clearInterval(beat);
      const isOurs = !lost && isHeld();
      // The next one's may be of the same inode.
      lost ??= new DvtError("TAKEN_OVER", `keep ${path}: this process has let it go`);
      if (isOurs) await rm(lockPath, {force: true});
      await handle.close();
    },
  };
}

/** Undefined where there is no lock any more. Opened, not only looked up: over NFS that asks the server. */
async function look(lockPath: string): Promise<Seen | undefined> {
  const handle = await open(lockPath, "r").catch(unless("ENOENT"));
  if (!handle) return undefined;
  try {
    const {ino, mtimeNs} = await handle.stat({bigint: true});
    const text = await readFile(handle, "utf8");
    return {holder: readHolder(text), beat: `${ino} ${mtimeNs} ${text}`};
  } finally {
    await handle.close();
  }
}

/** None while it is being written, or where that was cut short. */
function readHolder(text: string): ProcessIdentity | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Value.Check(Holder, value) ? (value as ProcessIdentity) : undefined;
  } catch {
    return undefined;
  }
}

const named = (holder: ProcessIdentity | undefined) => (holder ? {host: holder.host, pid: holder.pid} : {});

/** For catch(): undefined for this one code. */
const unless =
  (code: string) =>
  (error: NodeJS.ErrnoException): undefined => {
    if (error.code !== code) throw error;
  };
