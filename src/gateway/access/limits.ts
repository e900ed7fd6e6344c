import rateLimit, {normalizeIP} from "@fastify/rate-limit";
import type {FastifyReply, FastifyRequest} from "fastify";
import {createRecent} from "../caches/recent.js";
import type {App} from "../http/app.js";
import {Problem} from "../http/problem.js";
import type {Caller} from "./caller.js";

const failuresPerMinute = 30;
/** Of callers and addresses that are counted; beyond it those are forgotten that were not seen for longest. */
const most = 10_000;
/** So many bodies of 16 MiB are held at once; a cluster of 13 nodes behind one address, whose requests are held, needs 14. */
const mostAtOnce = 32;
const provenForMs = 10 * 60_000;

export type Limits = Awaited<ReturnType<typeof createLimits>>;

/** How often somebody may ask within a minute, and how much at once; RATE_LIMITED beyond it, with retry-after in seconds. */
export async function createLimits(app: App, requestsPerMinute: number) {
  await app.register(rateLimit, {global: false, timeWindow: 60_000, cache: most});
  const requests = app.createRateLimit({max: requestsPerMinute, keyGenerator: keyOf});
  const failures = app.createRateLimit({max: failuresPerMinute, keyGenerator: addressOf});
  const atOnce = new Map<string, number>();
  const proven = createRecent(provenForMs);
  const provenKeyOf = (request: FastifyRequest): string => `${addressOf(request)} ${keyOf(request)}`;

  return {
    /** Counts a request of its caller, or of its address where nobody was asked who they are. */
    async assertFewRequests(request: FastifyRequest, reply: FastifyReply): Promise<void> {
      const counted = await requests(request);
      if (!counted.isAllowed && counted.isExceeded)
        refuse(reply, "more requests than may be made within a minute", counted.ttlInSeconds);
    },
    /** Counts it among those that are not answered yet. */
    assertFewAtOnce(request: FastifyRequest, reply: FastifyReply): void {
      const key = keyOf(request);
      const others = atOnce.get(key) ?? 0;
      if (others >= mostAtOnce) refuse(reply, "more requests than may be made at once", 1);
      atOnce.set(key, others + 1);
      reply.raw.once("close", () => {
        const left = (atOnce.get(key) ?? 1) - 1;
        if (left > 0) atOnce.set(key, left);
        else atOnce.delete(key);
      });
    },
    /**
     * Of an address that named nobody too often not even a good token is taken, so that none can be tried; but for those who
     * asked from there within 10 minutes: one node with a wrong token does not keep its neighbours out.
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

/** An IPv6 network of 64 bits is one address: whoever has one has them all. */
const addressOf = ({ip}: FastifyRequest): string => normalizeIP(ip);

function keyOf(request: FastifyRequest): string {
  const caller = request.caller as Caller | undefined;
  if (caller?.as === "operator") return `operator ${caller.operatorId}`;
  if (caller?.as === "sidecar") return `sidecar ${caller.clusterId} ${caller.shareIndex}`;
  return addressOf(request);
}
