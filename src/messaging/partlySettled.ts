import type {JsMsg} from "nats";
import {keyOf} from "./pendingMessages.js";

/** The settled entries of messages that are to be delivered again, by position. */
export type PartlySettled = {
  of(message: JsMsg): Set<number>;
  keep(message: JsMsg, settled: Set<number>): void;
  drop(message: JsMsg): void;
};

/** Another process may get a message instead, so the oldest are dropped: their entries would be handled once more. */
const mostKept = 2000;

/** None yet. */
export function createPartlySettled(): PartlySettled {
  const kept = new Map<string, Set<number>>();
  return {
    of: (message) => kept.get(keyOf(message)) ?? new Set(),
    keep(message, settled) {
      if (settled.size === 0) return;
      kept.set(keyOf(message), settled);
      const [oldest] = kept.keys();
      if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
    },
    drop: (message) => void kept.delete(keyOf(message)),
  };
}
