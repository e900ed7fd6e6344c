import {type MsgHdrs, type MsgRequest, NatsError} from "nats";
import type {StreamName} from "../../schemas/defineMessage.js";
import {toBusError} from "./busError.js";
import type {Bus} from "./connect.js";

/** A message as the stream has it. */
export type StoredMessage = {
  readonly seq: number;
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers: MsgHdrs;
  /** When the stream stored it. */
  readonly timestampMs: number;
};

/** JetStream's err_code for a sequence at and after which no message matches. */
const noMessageFound = 10_037;

/**
 * The stream's first message at or after `seq` whose subject matches the filter; undefined if there is none. Only an administrator,
 * and whom the accounts let read this stream, gets an answer. STREAMS_MISSING, BUS_UNAVAILABLE.
 */
export const readNext = (
  bus: Bus,
  stream: StreamName,
  {seq, filter}: {seq: number; filter: string},
): Promise<StoredMessage | undefined> =>
  // The server knows next_by_subj here too; the types of nats 2.29.3 have it only for direct requests.
  readStored(bus, stream, {seq, next_by_subj: filter} as MsgRequest);

/** The stream's message of this sequence; undefined if it was deleted. The same otherwise. */
export const readAt = (bus: Bus, stream: StreamName, seq: number): Promise<StoredMessage | undefined> =>
  readStored(bus, stream, {seq});

async function readStored({js}: Bus, stream: StreamName, request: MsgRequest): Promise<StoredMessage | undefined> {
  const jsm = await js.jetstreamManager(false);
  try {
    const {seq: found, subject, data, header, time} = await jsm.streams.getMessage(stream, request);
    return {seq: found, subject, data, headers: header, timestampMs: time.getTime()};
  } catch (error) {
    if (error instanceof NatsError && error.api_error?.err_code === noMessageFound) return undefined;
    return toBusError(`read ${stream}`, {missing: "there is no such stream"})(error);
  }
}
