import type {StreamName} from "../../schemas/defineMessage.js";

/** Counts how each message of a stream was settled. */
export type MessageCounts = {
  readonly handled: (stream: StreamName, outcome: string) => void;
  /** It became a dead letter, or was dropped unread. */
  readonly refused: (stream: StreamName, code: string) => void;
  /** It will be redelivered. */
  readonly retried: (stream: StreamName, code: string) => void;
};
