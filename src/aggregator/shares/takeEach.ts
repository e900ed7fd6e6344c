import pMap from "p-map";
import type {EntryOutcome} from "../../messaging/consume.js";

/** One entry of a message, and how it is taken. `exit`: exit_key, for its dead letter. */
export type Entry = {readonly exit?: string; readonly take: () => Promise<string>};

/** Takes each entry of a message, except those that an earlier delivery settled. One that fails does so alone. */
export const takeEach = (
  entries: readonly Entry[],
  settled: ReadonlySet<number> = new Set(),
  concurrency = entries.length,
): Promise<EntryOutcome[]> =>
  pMap(
    entries,
    async ({exit, take}, position): Promise<EntryOutcome> => {
      if (settled.has(position)) return {outcome: "settled before"};
      try {
        return {exit, outcome: await take()};
      } catch (error) {
        return {exit, outcome: error as Error};
      }
    },
    {concurrency},
  );
