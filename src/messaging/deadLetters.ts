import {randomBytes} from "node:crypto";
import {AckPolicy, DeliverPolicy, type JsMsg, NatsError} from "nats";
import {type DeadLetter, deadLetter} from "../../schemas/deadLetter.js";
import {DvtError} from "../errors.js";
import type {Bus} from "./connect.js";
import {decode} from "./decode.js";
import {getManager} from "./manager.js";

const stream = deadLetter.stream;
const pageSize = 500;

export type StoredLetter = {
  /** Its number in the stream; no other letter ever has it. */
  readonly seq: number;
  readonly timeMs: number;
  readonly subject: string;
  /** Undefined when what is stored there is no dead letter. */
  readonly letter: DeadLetter | undefined;
};

/** Every letter that is stored now, oldest first. Takes none away. STREAMS_MISSING when there is no such stream. */
export async function readDeadLetters(bus: Bus): Promise<StoredLetter[]> {
  const jsm = await getManager(bus);
  const name = `people-${randomBytes(8).toString("hex")}`;
  const {num_pending: count} = await guard(() =>
    jsm.consumers.add(stream, {
      name,
      ack_policy: AckPolicy.None,
      deliver_policy: DeliverPolicy.All,
      // Should this process be killed, the server takes the consumer away.
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
      // The rest were taken away meanwhile.
      if (letters.length === before) break;
    }
    return letters;
  } finally {
    await jsm.consumers.delete(stream, name).catch(() => {});
  }
}

/** Takes letters away; one that is gone already is no failure. */
export async function deleteDeadLetters(bus: Bus, seqs: readonly number[]): Promise<void> {
  const jsm = await getManager(bus);
  for (const seq of seqs) {
    await guard(() => jsm.streams.deleteMessage(stream, seq)).catch((error) => {
      if (!(error instanceof DvtError && isGone(error.cause))) throw error;
    });
  }
}

/** 10043: sequence not found. 10057: the deletion failed, which it does with these words too where there is no such message. */
function isGone(cause: unknown): boolean {
  const {err_code, description = ""} = (cause instanceof NatsError && cause.api_error) || {err_code: 0};
  return err_code === 10043 || (err_code === 10057 && /not? .*found|EOF/.test(description));
}

function toStored({seq, info, subject, data}: JsMsg): StoredLetter {
  const stored = {seq, timeMs: Math.floor(info.timestampNanos / 1e6), subject};
  try {
    return {...stored, letter: decode(deadLetter, subject, data)};
  } catch {
    return {...stored, letter: undefined};
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
