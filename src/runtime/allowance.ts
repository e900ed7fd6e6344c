/** How much of something is let be: so much at once, and so much more with time. */
export type Allowance = {readonly burst: number; readonly perSecond: number};

/** What is left of an allowance. It may be overdrawn, by what was under way when the last of it was spent. */
export type Balance = {
  spend(): void;
  /** One back, up to what may be spent at once. */
  earn(): void;
  /** Whole ones that are left. */
  left(): number;
  /** Until there is one again; 0 where there is. */
  emptyForMs(): number;
};

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
    spend() {
      balance = settle() - 1;
    },
    earn() {
      balance = Math.min(burst, settle() + 1);
    },
    left: () => Math.floor(settle()),
    emptyForMs: () => Math.max(0, ((1 - settle()) / perSecond) * 1000),
  };
}
