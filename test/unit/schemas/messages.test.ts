import {describe, expect, it} from "vitest";
import {directMessages, messages as storedMessages} from "../../../schemas/messages.js";

const messages = [...storedMessages, ...directMessages];

describe("every message", () => {
  it.each(messages)("has an $id of its own and its version: $name", ({name, schema}) => {
    expect((schema as {$id?: string}).$id).toBe(`dvt.v2.${name}`);
  });

  it("has a name that no other has", () => {
    expect(new Set(messages.map(({name}) => name)).size).toBe(messages.length);
  });
});
