import {deadLetter} from "../../schemas/deadLetter.js";
import {maxPageSize, type Question} from "../../schemas/query.js";
import type {DeadLetterLine, DeadLettersPage} from "../../schemas/status.js";
import {DvtError} from "../errors.js";
import {decode} from "../messaging/decode.js";
import {inspectStream} from "../messaging/inspectStreams.js";
import {readBefore} from "../messaging/readBefore.js";
import type {StoredMessage} from "../messaging/readNext.js";
import type {Sight} from "./sight.js";
import type {StatusSources} from "./sources.js";
import {errorTodos, todoOf} from "./todos.js";

type LettersQuestion = Extract<Question, {kind: "dead_letters"}>;

/** A page of the dead letters, the latest first; deletes none. OPERATOR_NOT_ALLOWED, STREAMS_MISSING, BUS_UNAVAILABLE. */
export async function readDeadLetters(
  {bus, clock}: Pick<StatusSources, "bus" | "clock">,
  sight: Sight,
  {cursor, limit = maxPageSize}: LettersQuestion,
): Promise<DeadLettersPage> {
  if (!sight.isWhole) throw new DvtError("OPERATOR_NOT_ALLOWED", "read dead letters: only the administrator and viewers may");
  const {firstSeq, lastSeq} = await inspectStream(bus, deadLetter.stream);
  const before = cursor === undefined ? lastSeq + 1 : Math.min(lastSeq + 1, toSeq(cursor));
  const {messages, next} = await readBefore(bus, deadLetter.stream, {before, firstSeq, limit});
  return {at: clock.now(), letters: messages.flatMap(toLines), ...(next !== undefined && {cursor: String(next)})};
}

function toSeq(cursor: string): number {
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw new DvtError("MESSAGE_MALFORMED", "read dead letters: this is not the cursor of a page");
}

/** None for a message that is no dead letter. */
function toLines({seq, subject, data, timestampMs}: StoredMessage): DeadLetterLine[] {
  try {
    const {stream, participant, code, reason, exit, count = 1} = decode(deadLetter, subject, data);
    return [
      {
        at: timestampMs,
        seq,
        stream,
        participant,
        code,
        reason,
        ...(exit !== undefined && {exit}),
        count,
        todo: todoOf(errorTodos, code),
      },
    ];
  } catch (error) {
    if (error instanceof DvtError) return [];
    throw error;
  }
}
