import {fstatSync, statSync} from "node:fs";
import {type FileHandle, open, readFile, rm} from "node:fs/promises";
import {setTimeout as delay} from "node:timers/promises";
import {Type} from "typebox";
import {Check} from "typebox/schema";
import {DvtError} from "../errors.js";
import type {Logger} from "./logger.js";
import {hasEnded, type ProcessIdentity, processIdentity} from "./processIdentity.js";

/** The lock of a file that only this process may use. */
export type FileLock = {
  /**
   * TAKEN_OVER if the lock was lost. A process that takes the file over reads everything that was written before this returned.
   */
  expectHeld(): void;
  release(): Promise<void>;
};

/** The options of a lock. */
export type LockOptions = {
  readonly logger: Logger;
  /** Ends the wait. */
  readonly signal: AbortSignal;
  /** Called once, if another process has taken the file over. */
  readonly onLost: (error: DvtError) => void;
  /** How long to wait for another process to release the lock. */
  readonly patienceMs?: number;
  /** How often the lock shows that its process runs; without a sign for `silentMs`, another process may take it over. */
  readonly beatMs?: number;
  readonly silentMs?: number;
};

const Holder = Type.Object({
  host: Type.String(),
  pid: Type.Integer({minimum: 1}),
  boot: Type.String(),
  pid_namespace: Type.String(),
  started: Type.String(),
});

type LockState = {readonly holder: ProcessIdentity | undefined; readonly beat: string};

/**
 * Creates `path`.lock, or waits until its process releases it, has ended, or shows no sign of running for a while. No clocks are
 * compared: a process counts as running if its lock changes during the wait. FILE_IN_USE if it still does after the patience.
 */
export async function lockFile(path: string, options: LockOptions): Promise<FileLock> {
  const {logger, signal, patienceMs = 30_000, beatMs = 2000, silentMs = 10_000} = options;
  const lockPath = `${path}.lock`;
  const startedAt = performance.now();
  let last: {beat: string; sinceMs: number} | undefined;
  for (;;) {
    const handle = await open(lockPath, "wx", 0o600).catch(unless("EEXIST"));
    if (handle) return signLock(path, lockPath, handle, options);
    const seen = await readLock(lockPath);
    if (!seen) continue;
    if (last?.beat !== seen.beat) {
      if (!last)
        logger.warn({path, ...named(seen.holder)}, "another process uses the file, waiting until it releases the file or ends");
      last = {beat: seen.beat, sinceMs: performance.now()};
    }
    const isSilent = performance.now() - last.sinceMs >= silentMs;
    if (isSilent || (seen.holder && hasEnded(seen.holder))) {
      logger.warn({path, ...named(seen.holder)}, "the process that used the file no longer runs, taking the file over");
      if ((await readLock(lockPath))?.beat === seen.beat) await rm(lockPath, {force: true});
      continue;
    }
    if (performance.now() - startedAt >= patienceMs) {
      const {host = "another machine", pid = 0} = seen.holder ?? {};
      throw new DvtError(
        "FILE_IN_USE",
        `lock ${path}: process ${pid} on ${host} uses it, and still did after ${Math.round(patienceMs / 1000)} s; stop that process, or give this one its own file`,
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
      lost = new DvtError("TAKEN_OVER", `keep the lock of ${path}: another process has taken it over, or its .lock was deleted`);
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
    // The time is never compared with a clock: it only has to differ at each beat, whatever the clock does.
    const at = Math.round(Date.now() / 1000) * 1000 + (++beats % 1000);
    void handle.utimes(at / 1000, at / 1000).catch(() => {});
  }, beatMs).unref();
  return {
    expectHeld,
    async release() {
      clearInterval(beat);
      const isOurs = !lost && isHeld();
      // The next lock may have the same inode.
      lost ??= new DvtError("TAKEN_OVER", `keep the lock of ${path}: this process has released it`);
      if (isOurs) await rm(lockPath, {force: true});
      await handle.close();
    },
  };
}

/** Undefined if there is no lock. Opens the file, because over NFS only that asks the server. */
async function readLock(lockPath: string): Promise<LockState | undefined> {
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

/** Undefined while the lock is being written, or if that was interrupted. */
function readHolder(text: string): ProcessIdentity | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Check(Holder, value) ? (value as ProcessIdentity) : undefined;
  } catch {
    return undefined;
  }
}

const named = (holder: ProcessIdentity | undefined) => (holder ? {host: holder.host, pid: holder.pid} : {});

/** For catch(): returns undefined for this code only. */
const unless =
  (code: string) =>
  (error: NodeJS.ErrnoException): undefined => {
    if (error.code !== code) throw error;
  };
