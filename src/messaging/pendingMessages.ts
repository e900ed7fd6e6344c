import type {JsMsg} from "nats";

/** What was delivered of a consumer and is not settled yet: each message once. */
export type PendingMessages = ReturnType<typeof createPendingMessages>;

export function createPendingMessages() {
  const here = new Map<string, JsMsg>();
  const waiting: JsMsg[] = [];
  let old: string[] = [];
  let isClosed = false;
  let cameOrClosed = (): void => {};
  let lessOrClosed = (): void => {};

  return {
    /** One that is here already is a copy: the server gave up waiting for the first, and settling that one settles both. */
    add(message: JsMsg): void {
      const key = keyOf(message);
      if (here.has(key)) return;
      here.set(key, message);
      waiting.push(message);
      cameOrClosed();
    },
    /** The one that waits longest; undefined once it is closed. */
    async next(): Promise<JsMsg | undefined> {
      while (waiting.length === 0 && !isClosed) {
        await new Promise<void>((resolve) => {
          cameOrClosed = resolve;
        });
      }
      return isClosed ? undefined : waiting.shift();
    },
    settled(message: JsMsg): void {
      here.delete(keyOf(message));
      lessOrClosed();
    },
    size: (): number => here.size,
    async untilAtMost(count: number): Promise<void> {
      while (here.size > count && !isClosed) {
        await new Promise<void>((resolve) => {
          lessOrClosed = resolve;
        });
      }
    },
    /**
     * Those that were here the last time too, and are still: at work or not, they are not delivered again meanwhile. Call it at
     * least three times while the server waits.
     */
    prolong(): void {
      for (const key of old) here.get(key)?.working();
      old = [...here.keys()];
    },
    /** Nothing more is taken; what nobody has begun with. */
    close(): JsMsg[] {
      isClosed = true;
      cameOrClosed();
      lessOrClosed();
      for (const message of waiting) here.delete(keyOf(message));
      return waiting.splice(0);
    },
  };
}

/** A stream that was deleted and made again counts from 1 again. */
const keyOf = ({seq, info}: JsMsg): string => `${seq} ${info.timestampNanos}`;
