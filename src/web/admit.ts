import {isLoopback} from "../runtime/isLoopback.js";
import type {App, Reply, Request} from "./app.js";
import {assertLocal} from "./hosts.js";
import {createLimits} from "./limits.js";
import {toNotFound} from "./notFound.js";
import {Problem} from "./problem.js";
import type {Serving} from "./serving.js";

declare module "fastify" {
  interface FastifyRequest {
    /** Whose request it is counted as; undefined: its address's. */
    countedAs: string | undefined;
  }
  interface FastifyContextConfig {
    /** Anybody is served. */
    open?: boolean;
    /** Requests are not counted or limited. */
    uncounted?: boolean;
  }
}

/** On every answer, unless its route says otherwise: browsers must not cache it, guess its type, or show it within another page. */
const headers = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
};

type Admission = {
  /** Whose request it is to be counted as, or undefined if it identifies nobody. Undefined: whoever reaches the server is served. */
  readonly identify: ((request: Request) => Promise<string | undefined>) | undefined;
};

/** Checks who asks, and how often, before the body is read: nobody else gets the memory of one. */
export async function addAdmission(
  app: App,
  {identify}: Admission,
  {host, ...most}: Pick<Serving, "host" | "requestsPerMinute" | "requestsAtOnce">,
): Promise<void> {
  const limits = await createLimits(app, most);
  const isLocal = identify === undefined && isLoopback(host);
  app.decorateRequest("countedAs");
  app.addHook("onRequest", async (request: Request, reply: Reply) => {
    reply.headers({...headers, "x-request-id": request.id});
    if (isLocal) assertLocal(request);
    const {open, uncounted} = request.routeOptions.config;
    if (uncounted) return;
    if (identify && !open) await assertIdentified(identify, request, reply);
    // Without tokens, all sidecars of a machine share one address, and nobody else reaches it.
    if (!isLocal || !isLoopback(request.ip)) await limits.assertFewRequests(request, reply);
    limits.assertFewAtOnce(request, reply);
    if (request.is404) throw toNotFound(app, request, reply);
  });

  async function assertIdentified(by: NonNullable<Admission["identify"]>, request: Request, reply: Reply): Promise<void> {
    request.countedAs = await by(request);
    await limits.assertFewFailures(request, reply);
    if (request.countedAs === undefined) {
      throw new Problem("NOT_AUTHENTICATED", "the Authorization header identifies no caller");
    }
  }
}
