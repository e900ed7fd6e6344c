/** Headers of problems. X-Request-Id is on every answer. */
export const responseHeaders = {
  "X-Request-Id": {description: "also in the log", required: true, schema: {type: "string", format: "uuid"}},
  "Retry-After": {description: "seconds", required: true, schema: {type: "integer", minimum: 0}},
  "WWW-Authenticate": {description: "how to authenticate", required: true, schema: {type: "string"}},
} as const;
type Header = keyof typeof responseHeaders;
const ofStatus: Readonly<Record<string, readonly Header[]>> = {
  401: ["WWW-Authenticate"],
  429: ["Retry-After"],
  503: ["Retry-After"],
};

/** Adds the headers that a response with this status has. */
export function withHeaders<T extends object>(status: string, response: T): T & {headers: Record<string, {$ref: string}>} {
  const names: readonly Header[] = ["X-Request-Id", ...(ofStatus[status] ?? [])];
  return {...response, headers: Object.fromEntries(names.map((name) => [name, {$ref: `#/components/headers/${name}`}]))};
}
