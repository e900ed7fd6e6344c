import {setTimeout as delay} from "node:timers/promises";
import type {FastifyRequest} from "fastify";
import type {Gateway} from "./gateway.js";

/** Real clients give up after 10 s, and poll every 2 s where they are answered at once. */
const heldMs = 5000;
const betweenLooksMs = 200;

/**
 * Looks again and again until what it sees is worth answering, for 5 s at most, or until the client has gone or the gateway stops, and returns what it
 * saw last. So a client that polls hears of a change at once.
 */
export async function hold<T>(
  {stopping}: Pick<Gateway, "stopping">,
  request: FastifyRequest,
  look: () => Promise<T>,
  isWorthAnswering: (seen: T) => boolean,
): Promise<T> {
  const until = performance.now() + heldMs;
  const signal = AbortSignal.any([request.signal, stopping]);
  for (;;) {
    const seen = await look();
    if (isWorthAnswering(seen) || signal.aborted || performance.now() + betweenLooksMs > until) return seen;
    await delay(betweenLooksMs, undefined, {signal}).catch(() => {});
  }
}
