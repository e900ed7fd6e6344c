import rateLimit, {normalizeIP} from "@fastify/rate-limit";
import {createSlidingWindow} from "../runtime/slidingWindow.js";
import type {App, Reply, Request} from "./app.js";
import {Problem} from "./problem.js";
import type {Serving} from "./serving.js";

const failuresPerMinute = 30;
/** Callers and addresses that are counted; beyond this, those not seen for longest are forgotten. */
const mostCounted = 10_000;
/** Limits the bodies of 16 MiB in memory. A cluster of 13 nodes behind one address, with long polls, needs 14. */
const defaultAtOnce = 32;
const provenForMs = 10 * 60_000;

export type Limits = Awaited<ReturnType<typeof createLimits>>;

/** Limits requests within a minute and at once; RATE_LIMITED beyond that, with retry-after in seconds. */
export async function createLimits(
  app: App,
  {requestsPerMinute, requestsAtOnce: mostAtOnce = defaultAtOnce}: Pick<Serving, "requestsPerMinute" | "requestsAtOnce">,
) {
  await app.register(rateLimit, {global: false, timeWindow: 60_000, cache: mostCounted});
  const requests = app.createRateLimit({max: requestsPerMinute, keyGenerator: keyOf});
  const failures = app.createRateLimit({max: failuresPerMinute, keyGenerator: addressOf});
  const atOnce = new Map<string, number>();
  const proven = createSlidingWindow(provenForMs);
  const provenKeyOf = (request: Request): string => `${addressOf(request)} ${keyOf(request)}`;

  return {
    /** Counts the request for its caller, or for its address when the caller is not identified. */
    async assertFewRequests(request: Request, reply: Reply): Promise<void> {
      const counted = await requests(request);
      if (!counted.isAllowed && counted.isExceeded) refuse(reply, "too many requests within a minute", counted.ttlInSeconds);
    },
    /** Counts the request as one that is not answered yet. */
    assertFewAtOnce(request: Request, reply: Reply): void {
      const key = keyOf(request);
      const others = atOnce.get(key) ?? 0;
      if (others >= mostAtOnce) refuse(reply, "too many requests at once", 1);
      atOnce.set(key, others + 1);
      reply.raw.once("close", () => {
        const left = (atOnce.get(key) ?? 1) - 1;
        if (left > 0) atOnce.set(key, left);
        else atOnce.delete(key);
      });
    },
    /**
     * After too many failures from an address, not even a good token is accepted from there, so that tokens cannot be guessed.
     * Callers who asked from there within 10 minutes are exempt: one node with a wrong token does not lock out its neighbours.
     */
    async assertFewFailures(request: Request, reply: Reply): Promise<void> {
      const isKnown = request.countedAs !== undefined;
      if (isKnown && proven.has(provenKeyOf(request), performance.now())) return;
      const counted = await failures(request, {increment: false});
      if (!counted.isAllowed && counted.remaining === 0)
        refuse(reply, "too many wrong tokens within a minute", counted.ttlInSeconds);
      if (isKnown) proven.add(provenKeyOf(request), performance.now());
      else await failures(request);
    },
  };
}

function refuse(reply: Reply, what: string, seconds: number): never {
  reply.header("retry-after", seconds);
  throw new Problem("RATE_LIMITED", `${what}; try again in ${seconds} s`);
}

/** An IPv6 network of 64 bits counts as one address: who has one of its addresses has them all. */
const addressOf = ({ip}: Request): string => normalizeIP(ip);

const keyOf = (request: Request): string => request.countedAs ?? addressOf(request);
