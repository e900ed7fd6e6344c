import {randomBytes} from "node:crypto";
import {AckPolicy, DeliverPolicy, type JsMsg, NatsError} from "nats";
import {type DeadLetter, deadLetter} from "../../schemas/deadLetter.js";
import {DvtError} from "../errors.js";
import type {Bus} from "./connect.js";
import {decode} from "./decode.js";
import {getManager} from "./manager.js";
import {removeStored} from "./removeStored.js";

const stream = deadLetter.stream;
const pageSize = 500;

/** A dead letter as the stream has it. */
export type StoredLetter = {
  /** Its sequence number in the stream, which is never reused. */
  readonly seq: number;
  readonly timeMs: number;
  readonly subject: string;
  /** Undefined if the stored message is not a valid dead letter. */
  readonly letter: DeadLetter | undefined;
};

/** All stored dead letters, oldest first; deletes none. STREAMS_MISSING if there is no such stream. */
export async function readDeadLetters(bus: Bus): Promise<StoredLetter[]> {
  const jsm = await getManager(bus);
  const name = `people-${randomBytes(8).toString("hex")}`;
  const {num_pending: count} = await guard(() =>
    jsm.consumers.add(stream, {
      name,
      ack_policy: AckPolicy.None,
      deliver_policy: DeliverPolicy.All,
      // If this process is killed, the server deletes the consumer.
      inactive_threshold: 60e9,
      mem_storage: true,
      num_replicas: 1,
    }),
  );
  try {
    const consumer = await guard(() => bus.js.consumers.get(stream, name));
    const letters: StoredLetter[] = [];
    while (letters.length < count) {
      const before = letters.length;
      const page = await guard(() => consumer.fetch({max_messages: Math.min(pageSize, count - before), expires: 5000}));
      for await (const message of page) letters.push(toStored(message));
      // The others were deleted meanwhile.
      if (letters.length === before) break;
    }
    return letters;
  } finally {
    await jsm.consumers.delete(stream, name).catch(() => {});
  }
}

/** Deletes dead letters; one that is already deleted is no error. */
export const deleteDeadLetters = (bus: Bus, seqs: readonly number[]): Promise<void> => removeStored(bus, stream, seqs);

function toStored({seq, info, subject, data}: JsMsg): StoredLetter {
  const timeMs = Math.floor(info.timestampNanos / 1e6);
  try {
    return {seq, timeMs, subject, letter: decode(deadLetter, subject, data)};
  } catch {
    return {seq, timeMs, subject, letter: undefined};
  }
}

async function guard<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (cause) {
    if (!(cause instanceof NatsError)) throw cause;
    if (cause.api_error?.err_code === 10059) {
      throw new DvtError("STREAMS_MISSING", "read dead letters: there is no stream for them; run `dvt streams apply`", {cause});
    }
    throw new DvtError("BUS_UNAVAILABLE", `read dead letters: ${cause.message}`, {cause});
  }
}
