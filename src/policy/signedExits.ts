import {DvtError} from "../errors.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import {createSlidingWindow} from "../runtime/slidingWindow.js";
import type {ExitLog, SignedExit} from "./exitLog.js";

/** The exits of one kind, rotations or others, that were signed within the last hour. */
export type SignedWithinHour = ReturnType<typeof createSignedWithinHour>;

type Kind = {
  /** Of these, and not of the others. */
  readonly rotation: boolean;
  /** How many may be signed within an hour. */
  readonly most: number;
  /** The variable that says so. */
  readonly variable: string;
};

const hourMs = 3_600_000;

/** Whether the log's entry is a rotation: each kind has its own limit. */
export const isOfKind =
  (rotation: boolean) =>
  (entry: SignedExit): boolean =>
    (entry.rotation === true) === rotation;

/** Those of the log, to which every one that is signed is added. */
export function createSignedWithinHour(log: ExitLog, {rotation, most, variable}: Kind) {
  const signed = createSlidingWindow(hourMs);
  const storing = new Map<string, Promise<void>>();
  for (const {exit, signedAt} of log.entries.filter(isOfKind(rotation))) signed.add(exitKeyOf(exit), signedAt);

  return {
    has: (exit: ExitId, now: number): boolean => signed.has(exitKeyOf(exit), now),
    // [RETRY] A delay, not a refusal: the exit is valid, there are only too many.
    expectRoom(exit: ExitId, now: number): void {
      if (signed.has(exitKeyOf(exit), now) || signed.count(now) < most) return;
      throw new DvtError("RATE_LIMITED", `sign an exit: ${most} were signed within an hour, as ${variable} allows`);
    },
    /** Resolves once the exit is on disk. One within the last hour already is, or is being written. */
    async record(exit: ExitId, now: number): Promise<void> {
      const key = exitKeyOf(exit);
      if (signed.has(key, now)) return storing.get(key);
      signed.add(key, now);
      const stored = log.append({exit, signedAt: now, ...(rotation && {rotation})});
      storing.set(key, stored);
      try {
        await stored;
      } catch (error) {
        // Not on disk: the next decision stores it again.
        signed.remove(key);
        throw error;
      } finally {
        storing.delete(key);
      }
    },
  };
}
