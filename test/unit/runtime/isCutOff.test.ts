import fc from "fast-check";
import {expect, it} from "vitest";
import {isCutOff} from "../../../src/runtime/isCutOff.js";

it.each([
  {id: "nothing", text: "", cutOff: true},
  {id: "blanks", text: " \n", cutOff: true},
  {id: "an object without its end", text: '{"a": 1', cutOff: true},
  {id: "a string without its end", text: '["a', cutOff: true},
  {id: "a string that ends within an escape", text: '["a\\', cutOff: true},
  {id: "a bracket within a string", text: '{"a": "]}"', cutOff: true},
  {id: "a comma too many", text: '{"a": 1,}', cutOff: false},
  {id: "a bracket too many", text: '{"a": 1}}', cutOff: false},
  {id: "another text", text: "hello", cutOff: false},
  {id: "a quote that is escaped", text: '{"a": "\\""}', cutOff: false},
])("takes $id for cut off: $cutOff", ({text, cutOff}) => {
  expect(isCutOff(text)).toBe(cutOff);
});

it("takes every beginning of an object for cut off, and no whole one", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), (value, at) => {
      const text = JSON.stringify(value);
      expect(isCutOff(text)).toBe(false);
      expect(isCutOff(text.slice(0, at % text.length))).toBe(true);
    }),
  );
});
