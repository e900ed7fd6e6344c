import rateLimit, {normalizeIP} from "@fastify/rate-limit";
import type {FastifyReply, FastifyRequest} from "fastify";
import {createRecent} from "../caches/recent.js";
import type {App} from "../http/app.js";
import {Problem} from "../http/problem.js";
import type {Caller} from "./caller.js";

const failuresPerMinute = 30;
/** Callers and addresses that are counted; beyond this, those not seen for longest are forgotten. */
const mostCounted = 10_000;
/** Limits the bodies of 16 MiB in memory. A cluster of 13 nodes behind one address, with long polls, needs 14. */
const mostAtOnce = 32;
const provenForMs = 10 * 60_000;

export type Limits = Awaited<ReturnType<typeof createLimits>>;

/** Limits requests within a minute and at once; RATE_LIMITED beyond that, with retry-after in seconds. */
export async function createLimits(app: App, requestsPerMinute: number) {
  await app.register(rateLimit, {global: false, timeWindow: 60_000, cache: mostCounted});
  const requests = app.createRateLimit({max: requestsPerMinute, keyGenerator: keyOf});
  const failures = app.createRateLimit({max: failuresPerMinute, keyGenerator: addressOf});
  const atOnce = new Map<string, number>();
  const proven = createRecent(provenForMs);
  const provenKeyOf = (request: FastifyRequest): string => `${addressOf(request)} ${keyOf(request)}`;

  return {
    /** Counts the request for its caller, or for its address when the caller is not identified. */
    async assertFewRequests(request: FastifyRequest, reply: FastifyReply): Promise<void> {
      const counted = await requests(request);
      if (!counted.isAllowed && counted.isExceeded) refuse(reply, "too many requests within a minute", counted.ttlInSeconds);
    },
    /** Counts the request as one that is not answered yet. */
    assertFewAtOnce(request: FastifyRequest, reply: FastifyReply): void {
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
    async assertFewFailures(request: FastifyRequest, reply: FastifyReply): Promise<void> {
      if (request.caller && proven.has(provenKeyOf(request))) return;
      const counted = await failures(request, {increment: false});
      if (!counted.isAllowed && counted.remaining === 0)
        refuse(reply, "too many wrong tokens within a minute", counted.ttlInSeconds);
      if (request.caller) proven.add(provenKeyOf(request));
      else await failures(request);
    },
  };
}

function refuse(reply: FastifyReply, what: string, seconds: number): never {
  reply.header("retry-after", seconds);
  throw new Problem("RATE_LIMITED", `${what}; try again in ${seconds} s`);
}

/** An IPv6 network of 64 bits counts as one address: who has one of its addresses has them all. */
const addressOf = ({ip}: FastifyRequest): string => normalizeIP(ip);

function keyOf(request: FastifyRequest): string {
  const caller = request.caller as Caller | undefined;
  if (caller?.as === "operator") return `operator ${caller.operatorId}`;
  if (caller?.as === "sidecar") return `sidecar ${caller.clusterId} ${caller.shareIndex}`;
  return addressOf(request);
}
