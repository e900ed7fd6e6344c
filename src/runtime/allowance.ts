/** How much of something is allowed: a burst, and a rate that refills it. */
export type Allowance = {readonly burst: number; readonly perSecond: number};

/** The rest of an allowance; it may be overdrawn by what was already under way. */
export type Balance = {
  spend(count?: number): void;
  /** Returns one, up to the burst. */
  earn(): void;
  /** The whole number that is left. */
  left(): number;
  /** Milliseconds until there is one again; 0 if there is one. */
  emptyForMs(): number;
};

/** Opens the balance of an allowance. */
export function openBalance({burst, perSecond}: Allowance, now: () => number = () => performance.now()): Balance {
  let balance = burst;
  let asOf = now();
  const settle = (): number => {
    const at = now();
    balance = Math.min(burst, balance + ((at - asOf) / 1000) * perSecond);
    asOf = at;
    return balance;
  };
  return {
    spend(count = 1) {
      balance = settle() - count;
    },
    earn() {
      balance = Math.min(burst, settle() + 1);
    },
    left: () => Math.floor(settle()),
    emptyForMs: () => Math.max(0, ((1 - settle()) / perSecond) * 1000),
  };
}
