export type SlidingWindow = ReturnType<typeof createSlidingWindow>;

/** Remembers what happened within the last `spanMs`: each thing once, at its latest time. */
export function createSlidingWindow(spanMs: number) {
  // A Map keeps the order of insertion, which is the order of time: only the first entries can have left the window.
  const times = new Map<string, number>();
  const slide = (now: number): void => {
    for (const [thing, at] of times) {
      if (at > now - spanMs) return;
      times.delete(thing);
    }
  };
  return {
    add(thing: string, at: number): void {
      times.delete(thing);
      times.set(thing, at);
    },
    remove: (thing: string): boolean => times.delete(thing),
    has(thing: string, now: number): boolean {
      slide(now);
      return times.has(thing);
    },
    count(now: number): number {
      slide(now);
      return times.size;
    },
  };
}
