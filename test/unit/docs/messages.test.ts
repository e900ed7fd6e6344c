import type {TSchema} from "typebox";
import {Value} from "typebox/value";
import {describe, expect, it} from "vitest";
import type {Message} from "../../../schemas/defineMessage.js";
import type {ExitBatch} from "../../../schemas/exitBatch.js";
import type {ExitRequest} from "../../../schemas/exitRequest.js";
import {directMessages, messages} from "../../../schemas/messages.js";
import {orderContent, orderDigestsOf, orderIdOf} from "../../../src/exits/order.js";
import {isSignedBy} from "../../../src/messaging/identity.js";
import {pathsOf, type SchemaNode} from "../../support/schemaPaths.js";
import {jsonBlocksOf, readText, rowsOf, sectionsOf} from "./document.js";

const document = readText("docs/messages.md");
const sections = sectionsOf(document, 2);
const all = [...messages, ...directMessages] as readonly Message[];
/** What a reply holds is in the schemas: people read it through commands and pages. */
const isOfReply = (path: string): boolean => path.startsWith("reply.");

/** A payload that holds `<name>` in the place of every value. */
function placeholdersOf(node: SchemaNode): Record<string, unknown> {
  const members = (node.anyOf ?? []).map(placeholdersOf);
  const own = Object.entries(node.properties ?? {}).map(([name, field]) => [
    name,
    field.properties ? placeholdersOf(field) : `<${name}>`,
  ]);
  return Object.assign({}, ...members, Object.fromEntries(own));
}

const [batch] = jsonBlocksOf(sections.get("exit_batch") ?? "") as [ExitBatch];
const [request] = jsonBlocksOf(sections.get("exit_request") ?? "") as [ExitRequest];

describe("docs/messages.md", () => {
  it("gives a batch and a request of one order, which its nkey signed", () => {
    const nkey = /nkey `(U[A-Z2-7]{55})`/.exec(document)?.[1] ?? "";
    const {network, operator_id, requested_at, validators} = batch;
    const [signature = ""] = batch.order_signatures;
    const order = orderDigestsOf(network, {operator_id, requested_at, entries: validators});
    expect(orderDigestsOf(request.network, request.order)).toEqual(order);
    expect(request).toMatchObject({order_id: orderIdOf(order), order: {signature}});
    expect(isSignedBy(nkey, "order", orderContent(order), Buffer.from(signature, "base64"))).toBe(true);
  });

  it("has a section for each message, and none for another", () => {
    expect([...sections.keys()]).toEqual(all.map(({name}) => name));
  });

  describe.each(all.map((message) => [message.name, message] as const))("%s", (name, message) => {
    const text = sections.get(name) ?? "";
    const schema = message.schema as SchemaNode & TSchema;

    it("names its stream and its subject", () => {
      expect(/^- Stream: `?(.+?)`?$/m.exec(text)?.[1]).toBe(message.stream ?? "none");
      expect(/^- Subject: `(.+)`$/m.exec(text)?.[1]).toBe(message.subject(placeholdersOf(schema) as never));
    });

    it("has one row for each field of the schema", () => {
      const rows = rowsOf(text).map(([path]) => path);
      const paths = pathsOf(schema).filter((path) => !isOfReply(path));
      expect(rows.sort()).toEqual(paths.sort());
    });

    it("gives examples that fit the schema, each on its own subject", () => {
      const examples = jsonBlocksOf(text);
      const subjects = [...text.matchAll(/^Example, on `(.+)`:$/gm)].map(([, subject]) => subject);
      expect(examples.length).toBeGreaterThanOrEqual(schema.anyOf?.length ?? 1);
      for (const example of examples) expect([...Value.Errors(schema, example)]).toEqual([]);
      expect(examples.map((example) => message.subject(example as never))).toEqual(subjects);
    });

    it("gives an example of every member of a union", () => {
      for (const member of (schema.anyOf ?? []) as TSchema[]) {
        expect(jsonBlocksOf(text).filter((example) => Value.Check(member, example))).toHaveLength(1);
      }
    });
  });
});
