import type {DvtError} from "../../src/errors.js";
import type {LockOptions} from "../../src/runtime/lockFile.js";
import {aLogger} from "./logger.js";

/** Locking that a test need not care about, and what was lost. */
export function aLocking(change: Partial<LockOptions> = {}): LockOptions & {lost: DvtError[]} {
  const lost: DvtError[] = [];
  return {
    logger: aLogger().logger,
    signal: new AbortController().signal,
    onLost: (error) => void lost.push(error),
    lost,
    ...change,
  };
}
