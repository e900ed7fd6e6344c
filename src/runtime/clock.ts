/** A clock that several machines share, in milliseconds since 1970. */
export type Clock = {
  now(): number;
  /**
   * Whether this machine's own clock is within a minute of it. Where it is not, one of the two is wrong, and nothing is to be done
   * because so much time has passed.
   */
  isOwnRight(): boolean;
};

/** Where nobody else's time is known. */
export const ownClock: Clock = {now: () => Date.now(), isOwnRight: () => true};

/** From now on as even as the time that passes: nobody who sets the machine's clock moves it. */
export function createSteadyClock(): () => number {
  const start = Date.now() - performance.now();
  return () => Math.round(start + performance.now());
}
