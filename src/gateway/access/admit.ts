import type {FastifyReply, FastifyRequest} from "fastify";
import {isLoopback} from "../../runtime/isLoopback.js";
import type {App} from "../http/app.js";
import {toNotFound} from "../http/notFound.js";
import {Problem} from "../http/problem.js";
import type {Caller} from "./caller.js";
import {type Credentials, identify} from "./credentials.js";
import {assertLocal} from "./hosts.js";
import {createLimits} from "./limits.js";
import type {Serving} from "./serving.js";

/** On every answer: browsers must not cache it, guess its type, or show it within another page. */
const headers = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
};

/** Undefined: whoever reaches the server is served. */
type Admission = {readonly credentials: Credentials | undefined};

/** Checks who asks, and how often, before the body is read: nobody else gets 16 MiB of memory. */
export async function addAdmission(
  app: App,
  {credentials}: Admission,
  {host, requestsPerMinute}: Pick<Serving, "host" | "requestsPerMinute">,
): Promise<void> {
  const limits = await createLimits(app, requestsPerMinute);
  const isLocal = credentials === undefined && isLoopback(host);
  app.decorateRequest("caller");
  app.addHook("onRequest", async (request: FastifyRequest, reply: FastifyReply) => {
    reply.headers({...headers, "x-request-id": request.id});
    if (isLocal) assertLocal(request);
    const {open, uncounted} = request.routeOptions.config;
    if (uncounted) return;
    if (!open) await identifyCaller(request, reply);
    // Without tokens, all sidecars of a machine share one address, and nobody else reaches it.
    if (!isLocal || !isLoopback(request.ip)) await limits.assertFewRequests(request, reply);
    limits.assertFewAtOnce(request, reply);
    if (request.is404) throw toNotFound(app, request, reply);
  });

  async function identifyCaller(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (!credentials) {
      request.caller = {as: "anybody"};
      return;
    }
    const caller: Caller | undefined = await identify(credentials, request.headers.authorization, request.method);
    if (caller) request.caller = caller;
    await limits.assertFewFailures(request, reply);
    if (!caller) throw new Problem("NOT_AUTHENTICATED", "the Authorization header identifies no caller");
  }
}
