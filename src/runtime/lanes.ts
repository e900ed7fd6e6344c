import {setTimeout as delay} from "node:timers/promises";

/** Works off what many senders add: one item of each at a time. */
export type Lanes<T> = {
  /** False if so many of this sender's wait already that the item was dropped. */
  add(sender: string, item: T): boolean;
  /** Drops what waits, and resolves once the current items are done. */
  stop(): Promise<void>;
};

type LaneOptions<T> = {
  /** How many items of one sender may wait. */
  readonly most: number;
  /** Handles an item, and returns how long its sender rests afterwards, in milliseconds; never rejects. */
  readonly work: (item: T) => Promise<number>;
};

/** Creates a lane for each sender that has items. */
export function createLanes<T>({most, work}: LaneOptions<T>): Lanes<T> {
  const waiting = new Map<string, T[]>();
  const controller = new AbortController();
  const working = new Set<Promise<number>>();

  const run = async (sender: string, items: T[]): Promise<void> => {
    for (let item = items.shift(); item !== undefined && !controller.signal.aborted; item = items.shift()) {
      const done = work(item);
      working.add(done);
      const restMs = await done;
      working.delete(done);
      if (restMs > 0) await delay(restMs, undefined, {signal: controller.signal, ref: false}).catch(() => {});
    }
    waiting.delete(sender);
  };
  return {
    add(sender, item) {
      if (controller.signal.aborted) return false;
      const items = waiting.get(sender);
      if (!items) {
        const first = [item];
        waiting.set(sender, first);
        void run(sender, first);
        return true;
      }
      return items.length < most && items.push(item) > 0;
    },
    async stop() {
      controller.abort();
      await Promise.all(working);
    },
  };
}
