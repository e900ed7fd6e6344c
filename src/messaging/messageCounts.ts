import type {StreamName} from "../../schemas/defineMessage.js";

/** Counts how the messages of a stream were settled, each time that one is. */
export type MessageCounts = {
  readonly handled: (stream: StreamName, outcome: string) => void;
  /** It ended as a dead letter, or was dropped unread. */
  readonly refused: (stream: StreamName, code: string) => void;
  /** It was put back, to be delivered again. */
  readonly retried: (stream: StreamName, code: string) => void;
};
