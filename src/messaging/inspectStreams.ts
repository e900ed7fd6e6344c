import type {ConsumerInfo, JetStreamManager} from "nats";
import type {StreamName} from "../../schemas/defineMessage.js";
import {toBusError} from "./busError.js";
import type {Bus} from "./connect.js";
import {streamSpecs} from "./topology.js";

/** A consumer, and what waits on it. */
export type ConsumerState = {
  readonly name: string;
  readonly waiting: number;
  readonly ackPending: number;
  readonly redelivered: number;
  /** Somebody pulls from it. */
  readonly isConnected: boolean;
};

/** A stream and its consumers. */
export type StreamState = {
  readonly stream: StreamName;
  readonly messages: number;
  readonly bytes: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly consumers: readonly ConsumerState[];
};

/** More consumers of one stream are not read: the server has 256 on a page. */
const mostConsumers = 1024;

/** The state of all streams, as an administrator or a relayer. STREAMS_MISSING, BUS_UNAVAILABLE. */
export async function inspectStreams({js}: Bus): Promise<StreamState[]> {
  const jsm = await js.jetstreamManager(false);
  return Promise.all(
    streamSpecs().map(({name}) => inspect(jsm, name).catch(toBusError(`read ${name}`, {missing: "there is no such stream"}))),
  );
}

async function inspect(jsm: JetStreamManager, stream: StreamName): Promise<StreamState> {
  const {state} = await jsm.streams.info(stream);
  const consumers: ConsumerState[] = [];
  if (state.consumer_count > 0) {
    for await (const info of jsm.consumers.list(stream)) {
      consumers.push(toConsumer(info));
      if (consumers.length === mostConsumers) break;
    }
  }
  const {messages, bytes, first_seq: firstSeq, last_seq: lastSeq} = state;
  return {stream, messages, bytes, firstSeq, lastSeq, consumers};
}

const toConsumer = ({name, num_pending, num_ack_pending, num_redelivered, num_waiting}: ConsumerInfo): ConsumerState => ({
  name,
  waiting: num_pending,
  ackPending: num_ack_pending,
  redelivered: num_redelivered,
  isConnected: num_waiting > 0,
});
