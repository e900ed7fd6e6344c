import {expect, it} from "vitest";
import {wrapped} from "../../../src/cli/wrapped.js";

it.each([
  {id: "leaves a line that fits", text: "one two", width: 7, expected: "one two\n"},
  {id: "breaks at blanks, and indents what follows", text: "one two three", width: 8, expected: "one two\n    three\n"},
  {id: "keeps the blanks at the beginning", text: "  one two", width: 6, expected: "  one\n    two\n"},
  {id: "keeps a word that is longer than the line", text: "a 0x123456789 b", width: 6, expected: "a\n    0x123456789\n    b\n"},
  {id: "leaves everything on one line without a width", text: "one two three", width: undefined, expected: "one two three\n"},
])("$id", ({text, width, expected}) => {
  expect(wrapped(text, {width, indent: "    "})).toBe(expected);
});
