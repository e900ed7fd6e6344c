import type {ConsumerInfo, JetStreamManager, StreamInfo} from "nats";
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
  /** When the last message came; undefined if none ever did. */
  readonly lastMs: number | undefined;
  readonly consumers: readonly ConsumerState[];
};

/** How a stream is kept. */
export type StreamCopies = {
  /** How many servers shall keep it. */
  readonly wanted: number;
  /** The servers that do not have all of it now, by name, and why; empty if all have. */
  readonly behind: readonly {readonly server: string; readonly why: string}[];
  /** Whether the servers are a cluster. */
  readonly isClustered: boolean;
};

/** More consumers of one stream are not read: the server has 256 on a page. */
const mostConsumers = 1024;
const missing = {missing: "there is no such stream"};

/** The state of all streams, as an administrator or a relayer. STREAMS_MISSING, BUS_UNAVAILABLE. */
export async function inspectStreams({js}: Bus): Promise<StreamState[]> {
  const jsm = await js.jetstreamManager(false);
  return Promise.all(streamSpecs().map(({name}) => inspect(jsm, name).catch(toBusError(`read ${name}`, missing))));
}

/** The state of one stream, without its consumers, and its copies. The same errors. */
export async function inspectStream({js}: Bus, stream: StreamName): Promise<Omit<StreamState, "consumers"> & StreamCopies> {
  const jsm = await js.jetstreamManager(false);
  const info = await jsm.streams.info(stream).catch(toBusError(`read ${stream}`, missing));
  return {...toState(stream, info.state), ...toCopies(info)};
}

function toCopies({config, cluster}: StreamInfo): StreamCopies {
  const behind = (cluster?.replicas ?? []).flatMap(({name, current, offline, lag = 0}) => {
    if (offline) return [{server: name, why: "is away"}];
    return current ? [] : [{server: name, why: lag > 0 ? `lags by ${lag} messages` : "is not up to date"}];
  });
  return {wanted: config.num_replicas, behind, isClustered: cluster?.name !== undefined};
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
  return {...toState(stream, state), consumers};
}

function toState(stream: StreamName, state: StreamInfo["state"]): Omit<StreamState, "consumers"> {
  const {messages, bytes, first_seq: firstSeq, last_seq: lastSeq, last_ts} = state;
  // Before the first message the server says 0001-01-01.
  const lastMs = Date.parse(String(last_ts));
  return {stream, messages, bytes, firstSeq, lastSeq, lastMs: lastMs > 0 ? lastMs : undefined};
}

const toConsumer = ({name, num_pending, num_ack_pending, num_redelivered, num_waiting}: ConsumerInfo): ConsumerState => ({
  name,
  waiting: num_pending,
  ackPending: num_ack_pending,
  redelivered: num_redelivered,
  isConnected: num_waiting > 0,
});
