/** Learns what becomes of each entry of a message. `entry` tells it from every other, in this delivery and the next. */
export type EntryWatch = {
  readonly handled: (entry: string) => void;
  /** It became a dead letter, or was dropped unread. */
  readonly refused: (entry: string, code: string) => void;
  /** It will be tried again. */
  readonly retried: (entry: string, code: string) => void;
};
