import type {StreamName} from "../../schemas/defineMessage.js";
import type {Bus} from "./connect.js";
import {readAt, type StoredMessage} from "./readNext.js";

type Wanted = {
  /** Only messages of lower sequences. */
  readonly before: number;
  readonly firstSeq: number;
  readonly limit: number;
};

/** More sequences are left to the next page, however many messages were deleted. */
const mostSeen = 1000;

/** The messages that a stream has before a sequence, the latest first, and where the next page begins, if there is one. */
export async function readBefore(
  bus: Bus,
  stream: StreamName,
  {before, firstSeq, limit}: Wanted,
): Promise<{messages: StoredMessage[]; next: number | undefined}> {
  const messages: StoredMessage[] = [];
  // A stream that never had a message begins with 0, which is nobody's sequence.
  const first = Math.max(1, firstSeq);
  let next = before;
  for (let seen = 0; next > first && seen < mostSeen && messages.length < limit; seen += limit) {
    const lowest = Math.max(first, next - limit);
    const seqs = Array.from({length: next - lowest}, (_, position) => next - 1 - position);
    const found = await Promise.all(seqs.map((seq) => readAt(bus, stream, seq)));
    messages.push(...found.filter((it) => it !== undefined));
    next = lowest;
  }
  const page = messages.slice(0, limit);
  const cut = messages.length > limit;
  const last = page.at(-1);
  if (cut && last) return {messages: page, next: last.seq};
  return {messages: page, next: next > first ? next : undefined};
}
