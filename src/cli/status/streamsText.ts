import type {Status} from "../../../schemas/status.js";
import {sizeText} from "../../runtime/sizeText.js";
import {toColumns} from "../columns.js";

const headings = ["stream", "messages", "size", "waiting", "in hand", "redelivered", ""];
const most = 10;

/** Each stream, and below it the consumers on which most waits. */
export function streamsText(streams: Status["streams"], {width}: {width: number | undefined}): string {
  if (streams.length === 0) return "";
  const rows = streams.flatMap(({stream, messages, bytes, consumers}) => [
    [stream, String(messages), sizeText(bytes), "", "", "", ""],
    ...[...consumers]
      .sort((a, b) => b.waiting - a.waiting)
      .slice(0, most)
      .map((it) => [
        `  ${it.name}`,
        "",
        "",
        String(it.waiting),
        String(it.ack_pending),
        String(it.redelivered),
        it.connected ? "" : "nobody takes from it",
      ]),
    ...(consumers.length > most ? [[`  and ${consumers.length - most} more`, "", "", "", "", "", ""]] : []),
  ]);
  return toColumns([headings, ...rows], {right: [1, 2, 3, 4, 5], width, spare: [2]});
}
