import {readFileSync} from "node:fs";
import {globSync} from "tinyglobby";
import {expect, it, vi} from "vitest";
import {shown, terminal} from "../../../src/cli/terminal.js";
import {fakeTerminal} from "../../support/fakeTerminal.js";

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

it("draws a picture over the one before, with colours, and says what does not fit", () => {
  const written = fakeTerminal("stdout", {rows: 3});
  terminal.screen.draw("! one\ntwo\nthree\nfour\n");
  expect(written()).toBe("\u001b[H\u001b[1;31m! one\u001b[0m\u001b[K\r\ntwo\u001b[K\r\nand 2 more lines\u001b[K\u001b[J");
});

it("shows a text without colours where there is no terminal", () => {
  let written = "";
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    written += text;
    return true;
  });
  terminal.show("! one\u001b[2J\n");
  write.mockRestore();
  expect(written).toBe("! one?[2J\n");
});
