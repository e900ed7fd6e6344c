import type {Wait} from "../../schemas/status.js";

/** What waits to be tried again, by code. */
export type Waits = {
  waiting(entry: string, code: string): void;
  settled(entry: string): void;
  /** Those that wait now, in the order in which they began. `since`: the code has kept something waiting without a break. */
  list(): Wait[];
  /** Those that wait for this code. */
  entriesOf(code: string): string[];
};

/** A retry comes within seconds, so one that was not seen for longer is another process's, or its message has expired. */
const forgottenAfterMs = 60_000;
/** More are not told apart. */
const mostEntries = 65_536;

/** Nothing waits yet. */
export function createWaits(now: () => number): Waits {
  // A Map keeps the order of insertion, which is the order of time: only the first entries can be forgotten.
  const entries = new Map<string, {readonly code: string; readonly seenAt: number}>();
  const codes = new Map<string, {readonly since: number; exits: number}>();

  const leave = (entry: string): void => {
    const code = entries.get(entry)?.code;
    const of = code === undefined ? undefined : codes.get(code);
    entries.delete(entry);
    if (code !== undefined && of && --of.exits === 0) codes.delete(code);
  };
  return {
    waiting(entry, code) {
      const at = now();
      const before = entries.get(entry)?.code;
      if (before === undefined && entries.size >= mostEntries) return;
      if (before !== code) {
        leave(entry);
        const of = codes.get(code) ?? {since: at, exits: 0};
        of.exits++;
        codes.set(code, of);
      }
      entries.delete(entry);
      entries.set(entry, {code, seenAt: at});
    },
    settled(entry) {
      if (entries.size > 0) leave(entry);
    },
    list() {
      const oldest = now() - forgottenAfterMs;
      for (const [entry, {seenAt}] of entries) {
        if (seenAt > oldest) break;
        leave(entry);
      }
      return [...codes].map(([code, {since, exits}]) => ({code, since, exits}));
    },
    entriesOf: (code) => [...entries].flatMap(([entry, it]) => (it.code === code ? [entry] : [])),
  };
}
