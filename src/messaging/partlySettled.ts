import type {JsMsg} from "nats";
import {keyOf} from "./pendingMessages.js";

/** What earlier deliveries of a message came to: its settled entries, by position, and how often a bug showed. */
export type Progress = {readonly settled: Set<number>; bugs: number};

/** The progress of messages that are to be delivered again. */
export type PartlySettled = {
  of(message: JsMsg): Progress;
  keep(message: JsMsg, progress: Progress): void;
  drop(message: JsMsg): void;
};

/** Another process may get a message instead, so the oldest are dropped: their entries would be handled once more. */
const mostKept = 2000;

/** None yet. */
export function createPartlySettled(): PartlySettled {
  const kept = new Map<string, Progress>();
  return {
    of: (message) => kept.get(keyOf(message)) ?? {settled: new Set(), bugs: 0},
    keep(message, progress) {
      if (progress.settled.size === 0 && progress.bugs === 0) return;
      kept.delete(keyOf(message));
      kept.set(keyOf(message), progress);
      const [oldest] = kept.keys();
      if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
    },
    drop: (message) => void kept.delete(keyOf(message)),
  };
}
