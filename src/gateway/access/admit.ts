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

/** Of every answer: no browser keeps it, guesses what it is, or shows it within another page. */
const headers = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
};

/** Undefined: whoever reaches the server is served. */
type Admitting = {readonly credentials: Credentials | undefined};

/** Before the body is read: who may not ask, or asks too often, does not get 16 MiB of memory. */
export async function addAdmission(
  app: App,
  {credentials}: Admitting,
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
    if (!open) await name(request, reply);
    // Without tokens all sidecars of a machine are one address, and nobody else reaches it.
    if (!isLocal || !isLoopback(request.ip)) await limits.assertFewRequests(request, reply);
    limits.assertFewAtOnce(request, reply);
    if (request.is404) throw toNotFound(app, request, reply);
  });

  async function name(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (!credentials) {
      request.caller = {as: "anybody"};
      return;
    }
    const caller: Caller | undefined = await identify(credentials, request.headers.authorization, request.method);
    if (caller) request.caller = caller;
    await limits.assertFewFailures(request, reply);
    if (!caller) throw new Problem("NOT_AUTHENTICATED", "the Authorization header names nobody who may ask here");
  }
}
