import {mostCodes, type Presence} from "../../schemas/presence.js";

/** Counts what was signed and refused since the process began. */
export type Tally = {
  signed(exits: number): void;
  refused(code: string): void;
  read(): Required<Pick<Presence, "signed" | "refused">>;
};

/** All counts at 0. `now`: the bus's clock. */
export function createTally(now: () => number): Tally {
  let count = 0;
  let lastAt: number | undefined;
  const codes = new Map<string, number>();
  return {
    signed(exits) {
      if (exits === 0) return;
      count += exits;
      lastAt = now();
    },
    refused: (code) => void codes.set(code, (codes.get(code) ?? 0) + 1),
    read: () => ({
      signed: {count, ...(lastAt !== undefined && {last_at: lastAt})},
      refused: [...codes]
        .map(([code, refused]) => ({code, count: refused}))
        .sort((a, b) => b.count - a.count)
        .slice(0, mostCodes),
    }),
  };
}
