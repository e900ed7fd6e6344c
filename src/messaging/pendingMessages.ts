import type {JsMsg} from "nats";

/** The messages that were delivered to this process and not yet settled, each once. */
export type PendingMessages = ReturnType<typeof createPendingMessages>;

/** No pending messages yet. */
export function createPendingMessages() {
  const messages = new Map<string, JsMsg>();
  const waiting: JsMsg[] = [];
  let atLastProlong: string[] = [];
  let isClosed = false;
  let addedOrClosed = (): void => {};
  let settledOrClosed = (): void => {};

  return {
    /** A message that is pending already was redelivered after its ack wait; settling the first settles both. */
    add(message: JsMsg): void {
      const key = keyOf(message);
      if (messages.has(key)) return;
      messages.set(key, message);
      waiting.push(message);
      addedOrClosed();
    },
    /** The oldest message that no handler has; undefined once this is closed. */
    async next(): Promise<JsMsg | undefined> {
      while (waiting.length === 0 && !isClosed) {
        await new Promise<void>((resolve) => {
          addedOrClosed = resolve;
        });
      }
      return isClosed ? undefined : waiting.shift();
    },
    settled(message: JsMsg): void {
      messages.delete(keyOf(message));
      settledOrClosed();
    },
    size: (): number => messages.size,
    async untilAtMost(count: number): Promise<void> {
      while (messages.size > count && !isClosed) {
        await new Promise<void>((resolve) => {
          settledOrClosed = resolve;
        });
      }
    },
    /** Keeps the server from redelivering messages that are pending since the last call. Call it three times within the ack wait. */
    prolong(): void {
      for (const key of atLastProlong) messages.get(key)?.working();
      atLastProlong = [...messages.keys()];
    },
    /** Stops next(), and returns the messages that no handler has. */
    close(): JsMsg[] {
      isClosed = true;
      addedOrClosed();
      settledOrClosed();
      for (const message of waiting) messages.delete(keyOf(message));
      return waiting.splice(0);
    },
  };
}

/** Tells a stored message from every other. A stream that was recreated counts from 1 again. */
export const keyOf = ({seq, info}: JsMsg): string => `${seq} ${info.timestampNanos}`;
