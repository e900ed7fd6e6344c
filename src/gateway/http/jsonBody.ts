import type {App} from "./app.js";
import {Problem} from "./problem.js";

/**
 * Values and names of fields. More than 10,000 shares of 13 nodes have; to read and check so many takes half a second, in which
 * nobody else is answered.
 */
const mostValues = 500_000;

const comma = 44;
const colon = 58;
const bracket = 91;
const brace = 123;

/**
 * Takes JSON alone: with text/plain a web page could post without asking first. Of 16 MiB not all may be structure, which takes
 * seconds to read.
 */
export function addJsonBody(app: App): void {
  const parse = app.getDefaultJsonParser("remove", "remove");
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", {parseAs: "string"}, (request, body: string, done) => {
    if (valuesOf(body) > mostValues)
      done(new Problem("BODY_TOO_LARGE", "the body has more than 500,000 values and names of fields; post fewer at once"));
    else parse(request, body, done);
  });
}

/** How many values and names of fields it has, or more: strings may hold such characters too. A name costs what a value does. */
function valuesOf(json: string): number {
  let values = 1;
  for (let position = 0; position < json.length; position++) {
    const code = json.charCodeAt(position);
    if (code === comma || code === colon || code === bracket || code === brace) values++;
  }
  return values;
}
