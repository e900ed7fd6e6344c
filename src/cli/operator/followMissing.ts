import type {ExitId} from "../../exits/exitId.js";
import {abortsWithin} from "../../runtime/abortsWithin.js";
import {countText} from "../../runtime/countText.js";
import {every} from "../../runtime/every.js";
import type {Logger} from "../../runtime/logger.js";
import type {StatusReader} from "../../status/statusReader.js";
import {groupMissing} from "./groupMissing.js";
import {readMissing} from "./readMissing.js";

type Options = {
  readonly reader: Pick<StatusReader, "namedExits">;
  /** The exits that are not answered now. */
  readonly missing: () => readonly ExitId[];
  /** Receives whose turn it is, in one line. */
  readonly onTurn: (text: string) => void;
  readonly everyMs: number;
  readonly logger: Logger;
};

/** So many exits are looked at each time; the first ones speak for the others. */
const most = 64;
const answerMs = 4000;

/** Asks again and again whose turn the exits are that an operator waits for. */
export const followMissing = ({reader, missing, onTurn, everyMs, logger}: Options): {stop(): Promise<void>} =>
  every(
    everyMs,
    "ask whose turn it is",
    async (stopped) => {
      const exits = missing();
      if (exits.length === 0) return;
      const read = await readMissing(reader, exits.slice(0, most), abortsWithin(stopped, answerMs));
      if (stopped.aborted) return;
      onTurn(read ? turnOf(exits.length, groupMissing(read.asked, read.page)) : "no relayer answers");
    },
    logger,
  );

/** The group with most exits, and how many others there are. */
function turnOf(count: number, groups: ReturnType<typeof groupMissing>): string {
  const [largest] = [...groups].sort((a, b) => b.exits.length - a.exits.length);
  if (!largest) return "";
  const others = count - largest.exits.length;
  return others > 0 ? `${largest.text}; and ${countText(others, "other")}` : largest.text;
}
