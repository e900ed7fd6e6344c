import type {App} from "../web/app.js";
import type {Console} from "./console.js";
import type {BuiltPage} from "./loadPage.js";
import {questionsOf, readPlace} from "./place.js";

/** The page loads its own files and sends requests to its own origin only, and its forms lead nowhere else. No script or style is inline. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

const paths = ["/", "/clusters/:cluster", "/clusters/:cluster/:index", "/exits", "/exits/:key", "/dead-letters", "/system"];

/** Every place of the console as a page that needs no script, and the files that keep it up to date. */
export function addPages(app: App, {watch}: Pick<Console, "watch">, page: BuiltPage): void {
  for (const path of paths) {
    app.get(path, async ({url}, reply) => {
      const place = readPlace(url);
      const snapshot = await watch.read(place ? questionsOf(place) : [{kind: "status"}]);
      const isKnown = place !== undefined && snapshot.answers.exit !== null;
      reply.code(isKnown ? 200 : 404).type("text/html; charset=utf-8");
      reply.headers({"content-security-policy": contentSecurityPolicy, "referrer-policy": "same-origin"});
      return reply.serializer(String).send(page.render({url, ...snapshot}));
    });
  }
  for (const {url, type, content} of page.files) {
    app.get(url, (_, reply) =>
      reply.type(type).header("cache-control", "public, max-age=31536000, immutable").serializer(identity).send(content),
    );
  }
}

const identity = <T>(it: T): T => it;
