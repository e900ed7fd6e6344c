import {expect, it} from "vitest";
import {messages} from "../../../schemas/messages.js";
import {encode} from "../../../src/messaging/encode.js";
import {exampleMessages} from "../../bench/exampleMessages.js";

it("has a valid example of each message, without which no benchmark starts", () => {
  const examples = exampleMessages();
  expect(examples.map(({name}) => name)).toEqual(messages.map(({name}) => name));
  for (const {message, payload} of examples) encode(message, payload);
});
