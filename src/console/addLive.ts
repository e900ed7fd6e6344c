import {Type} from "typebox";
import type {App} from "../web/app.js";
import {Problem} from "../web/problem.js";
import type {Console} from "./console.js";
import type {Viewer} from "./createWatch.js";
import {questionsOf, readPlace} from "./place.js";

/** Each costs a connection, and at most one answer in memory that is not sent yet. */
const mostViewers = 300;
const retrySeconds = 10;

const querystring = Type.Object({url: Type.String({minLength: 1, maxLength: 1024})});

/** Sends what changes at a place, as server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html. */
export function addLive(app: App, {watch, stopping}: Pick<Console, "watch" | "stopping">): void {
  app.get("/live", {schema: {querystring}}, (request, reply) => {
    const place = readPlace(request.query.url);
    if (!place) throw new Problem("NOT_FOUND", "there is no such place");
    if (watch.viewers() >= mostViewers) {
      reply.header("retry-after", retrySeconds);
      throw new Problem("RATE_LIMITED", `${mostViewers} pages are looked at already; close one, or try again later`);
    }
    reply.header("content-type", "text/event-stream; charset=utf-8");
    // Otherwise nginx collects updates before it passes them on.
    reply.header("x-accel-buffering", "no");
    reply.hijack();
    const {raw} = reply;
    raw.writeHead(200, reply.getHeaders() as Record<string, string>);
    raw.flushHeaders();
    const viewer: Viewer = {
      send: (update) => void raw.write(`data: ${update}\n\n`),
      isBehind: () => raw.writableNeedDrain,
      drop: () => void raw.destroy(),
    };
    const unfollow = watch.follow(questionsOf(place), viewer);
    const end = (): void => void raw.end();
    stopping.addEventListener("abort", end);
    raw.once("close", () => {
      unfollow();
      stopping.removeEventListener("abort", end);
    });
  });
}
