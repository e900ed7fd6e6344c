import {readFileSync} from "node:fs";
import {globSync} from "tinyglobby";
import {expect, it} from "vitest";
import {shown} from "../../../src/cli/terminal.js";

it.each([
  {id: "text in any language", text: "naïve – 鍵 █░ •\n", expected: "naïve – 鍵 █░ •\n"},
  {id: "an escape sequence", text: "a\u001b[2Jb", expected: "a?[2Jb"},
  {id: "one of a single character", text: "a\u009b2Jb", expected: "a?2Jb"},
  {id: "a return to the line's beginning", text: "rejected\rcompleted", expected: "rejected?completed"},
  {id: "a backspace and a bell", text: "a\b\u0007", expected: "a??"},
  {id: "another direction", text: "a\u202eb\u2066c", expected: "a?b?c"},
  {id: "another end of a line", text: "a\u2028b\u0085", expected: "a?b?"},
  {id: "half a character", text: "a\ud800b", expected: "a?b"},
])("shows $id so that no terminal acts on it", ({text, expected}) => {
  expect(shown(text)).toBe(expected);
});

it("is the one place of the command line that writes to a terminal", () => {
  const writes = globSync("src/cli/**/*.{ts,cts}").filter((path) =>
    /\bstd(out|err)\.write\(|console\./.test(readFileSync(path, "utf8")),
  );
  expect(writes).toEqual(["src/cli/terminal.ts"]);
});
