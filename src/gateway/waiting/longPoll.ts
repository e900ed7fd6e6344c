import {setTimeout as delay} from "node:timers/promises";
import type {Request} from "../../web/app.js";
import type {Gateway} from "../gateway.js";

/** StakeWise's clients give up after 10 s, and poll every 2 s when they are answered at once. */
const longestMs = 5000;
const betweenLooksMs = 200;

/**
 * Looks until what it sees is worth answering, for at most 5 s, or until the client has gone or the gateway stops. Returns what it saw
 * last. A client that polls so learns of a change at once.
 */
export async function longPoll<T>(
  {stopping}: Pick<Gateway, "stopping">,
  request: Request,
  look: () => Promise<T>,
  isWorthAnswering: (seen: T) => boolean,
): Promise<T> {
  const until = performance.now() + longestMs;
  const signal = AbortSignal.any([request.signal, stopping]);
  for (;;) {
    const seen = await look();
    if (isWorthAnswering(seen) || signal.aborted || performance.now() + betweenLooksMs > until) return seen;
    await delay(betweenLooksMs, undefined, {signal}).catch(() => {});
  }
}
