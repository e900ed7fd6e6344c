/**
 * Takes whether the stream of a message stored it. Every role publishes its presence twice a minute, so a server that stores nothing, as
 * with a full disk, is noticed although it answers everything else.
 */
export type Storing = {
  stored(): void;
  notStored(): void;
  /** For how long nothing has been stored that was published, in milliseconds; 0 if the last message was. */
  failsForMs(): number;
};

/** `now`: a steady clock. */
export function createStoring(now: () => number = () => performance.now()): Storing {
  let failsSinceMs: number | undefined;
  return {
    stored() {
      failsSinceMs = undefined;
    },
    notStored() {
      failsSinceMs ??= now();
    },
    failsForMs: () => (failsSinceMs === undefined ? 0 : now() - failsSinceMs),
  };
}
