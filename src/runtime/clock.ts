/** A clock that several machines share, in milliseconds since 1970. */
export type Clock = {
  now(): number;
  /**
   * Whether this machine's own clock is within a minute of it; if not, one of the two is wrong, and nothing should expire by
   * time.
   */
  isOwnRight(): boolean;
};

/** This machine's own clock, for when no shared clock is available. */
export const ownClock: Clock = {now: () => Date.now(), isOwnRight: () => true};

/** A clock that advances steadily from now on, even if somebody sets the machine's clock. */
export function createSteadyClock(): () => number {
  const start = Date.now() - performance.now();
  return () => Math.round(start + performance.now());
}
