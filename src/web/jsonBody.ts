import type {App} from "./app.js";
import {Problem} from "./problem.js";

/**
 * Values and names of fields. 10,000 shares of 13 nodes have fewer. Reading and checking so many takes half a second, in which nobody
 * else is answered.
 */
const mostValues = 500_000;

const comma = 44;
const colon = 58;
const bracket = 91;
const brace = 123;

/**
 * Accepts JSON only: with text/plain, a web page could post without a preflight request. The number of values is limited, because
 * 16 MiB of nothing but structure take seconds to parse.
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

/** An upper bound of the values and names of fields: strings may contain these characters, too. A name costs as much as a value. */
function valuesOf(json: string): number {
  let values = 1;
  for (let position = 0; position < json.length; position++) {
    const code = json.charCodeAt(position);
    if (code === comma || code === colon || code === bracket || code === brace) values++;
  }
  return values;
}
