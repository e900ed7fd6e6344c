import type {StreamName} from "../../schemas/defineMessage.js";
import type {Bus} from "./connect.js";
import type {StreamState} from "./inspectStreams.js";
import {readNext} from "./readNext.js";

/** The sequence of the first message that a stream stored since then, or one past its last: found in one read for each doubling. */
export async function findFirstSince(
  bus: Bus,
  {stream, firstSeq, lastSeq}: Pick<StreamState, "stream" | "firstSeq" | "lastSeq">,
  sinceMs: number,
): Promise<number> {
  const filter = "dvt.v2.>";
  let [low, high] = [firstSeq, lastSeq + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const message = await readNext(bus, stream as StreamName, {seq: middle, filter});
    if (!message || message.timestampMs >= sinceMs) high = middle;
    else low = message.seq + 1;
  }
  return low;
}
