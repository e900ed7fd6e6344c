/** Limits how much work runs at once, in units that the caller chooses; whoever waits longest is next. */
export type Slots = {
  /** Takes this many, at most all. */
  take(count?: number): Promise<void>;
  /** Gives back as many as were taken. */
  give(count?: number): void;
};

/** Creates `total` slots. */
export function createSlots(total: number): Slots {
  const waiting: {count: number; resolve: () => void}[] = [];
  let free = total;
  const serve = (): void => {
    for (let [next] = waiting; next && next.count <= free; [next] = waiting) {
      waiting.shift();
      free -= next.count;
      next.resolve();
    }
  };
  return {
    take: (count = 1) =>
      new Promise((resolve) => {
        waiting.push({count: Math.min(count, total), resolve});
        serve();
      }),
    give(count = 1) {
      free += Math.min(count, total);
      serve();
    },
  };
}
