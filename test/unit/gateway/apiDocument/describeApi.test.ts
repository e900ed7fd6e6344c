import type {TSchema} from "typebox";
import {Value} from "typebox/value";
import {describe, expect, it} from "vitest";
import {anApp} from "../../../support/app.js";

type Operation = {
  operationId: string;
  summary: string;
  description?: string;
  tags: string[];
  security?: object[];
  requestBody?: {content: Record<string, Media>};
  responses: Record<string, {description?: string; headers?: object; content?: Record<string, Media>}>;
};
type Media = {schema: TSchema; example?: unknown; examples?: Record<string, {value: unknown}>};
type Document = {
  openapi: string;
  info: {description: string; version: string};
  tags: {name: string; description: string}[];
  paths: Record<string, Record<string, Operation>>;
  components: Record<string, object>;
};

const nobody = {tokens: [], jwtSecrets: []};

async function describe_(credentials?: typeof nobody): Promise<{document: Document; operations: Operation[]}> {
  const app = await anApp(credentials && {credentials});
  const document = (await app.inject("/openapi.json")).json<Document>();
  return {document, operations: Object.values(document.paths).flatMap((path) => Object.values(path))};
}

const refsIn = (value: unknown): string[] =>
  typeof value !== "object" || value === null
    ? []
    : Object.entries(value).flatMap(([name, inner]) => (name === "$ref" ? [String(inner)] : refsIn(inner)));

const at = (document: object, ref: string): unknown =>
  ref
    .slice(2)
    .split("/")
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], document);

describe("the OpenAPI document", () => {
  it("has everything that it refers to", async () => {
    const {document} = await describe_(nobody);
    expect(document.openapi).toMatch(/^3\.1\./);
    const refs = refsIn(document);
    expect(refs.length).toBeGreaterThan(0);
    for (const ref of refs) expect(at(document, ref), ref).toBeTypeOf("object");
    expect(JSON.stringify(document)).not.toContain("x-problems");
  });

  it("has every route except those of its page", async () => {
    const app = await anApp();
    const routes: string[] = [];
    // The tree of routes, flat, as one line for each.
    for (const [, path] of app.printRoutes({commonPrefix: false, includeHooks: false}).matchAll(/── (\/\S+) \(/g))
      routes.push(path ?? "");
    const {document} = await describe_();
    expect(Object.keys(document.paths).sort()).toEqual([...new Set(routes)].filter((path) => !path.startsWith("/docs")).sort());
  });

  it("has a unique id, a summary, a tag, and schemas of the answer and the problems for each operation", async () => {
    const {document, operations} = await describe_(nobody);
    const tagged = document.tags.map(({name}) => name);
    expect(new Set(operations.map(({operationId}) => operationId)).size).toBe(operations.length);
    for (const {operationId, summary, description, tags, responses, requestBody, security} of operations) {
      expect([operationId, summary], operationId).toEqual([expect.stringMatching(/^(get|post)[A-Z]\w+$/), expect.any(String)]);
      expect(tags, operationId).toEqual([expect.toBeOneOf(tagged)]);
      if (requestBody) expect(description, operationId).toMatch(/\.$/);
      expect(responses, operationId).toMatchObject({200: {content: expect.anything()}, default: expect.anything()});
      const isManaged = tags[0] === "operator v4 and v5";
      const problems = [
        ...(security ? [401, 403, 503] : []),
        ...(requestBody ? [400, 413, 415, 422] : []),
        ...(isManaged ? [501] : []),
      ];
      for (const status of problems) expect(responses, operationId).toHaveProperty(String(status));
      for (const response of Object.values(responses)) expect("$ref" in response || response.headers, operationId).toBeTruthy();
    }
  });

  it("has examples of bodies and answers, and each is valid", async () => {
    const {operations} = await describe_(nobody);
    for (const {operationId, tags, requestBody, responses} of operations) {
      const bodies = [requestBody, responses["200"]].flatMap((it) => Object.values(it?.content ?? {}));
      for (const {schema, example, examples = {}} of bodies) {
        const values = [...(example === undefined ? [] : [example]), ...Object.values(examples).map(({value}) => value)];
        const isTold = tags[0] !== "status" && Object.keys(schema).includes("required");
        expect(values.length > 0, operationId).toBe(isTold);
        for (const value of values) expect([...Value.Errors(schema, value)], operationId).toEqual([]);
      }
    }
  });

  it("requires no token when the gateway requires none", async () => {
    const secured = async (credentials?: typeof nobody): Promise<number> =>
      (await describe_(credentials)).operations.filter(({security}) => security).length;
    expect([await secured(), (await secured(nobody)) > 0]).toEqual([0, true]);
  });
});
