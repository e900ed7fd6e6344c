import type {Status} from "../../schemas/status.js";
import type {ConsumerState, StreamState} from "../messaging/inspectStreams.js";

const mostConsumers = 50;

/** The streams, each with the consumers on which something waits: the 50 on which most does. */
export const readStreams = (streams: readonly StreamState[]): Status["streams"] =>
  streams.map(({stream, messages, bytes, consumers}) => ({
    stream,
    messages,
    bytes,
    consumers: consumers
      .filter((it) => loadOf(it) > 0)
      .sort((a, b) => loadOf(b) - loadOf(a))
      .slice(0, mostConsumers)
      .map(({name, waiting, ackPending, redelivered, isConnected}) => ({
        name,
        waiting,
        ack_pending: ackPending,
        redelivered,
        connected: isConnected,
      })),
  }));

const loadOf = ({waiting, ackPending}: ConsumerState): number => waiting + ackPending;
