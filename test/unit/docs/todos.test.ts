import {expect, it} from "vitest";
import {errorTodos, refusalTodos} from "../../../src/status/todos.js";
import {readText, rowsOf, sectionsOf, withoutBackticks} from "./document.js";

const sections = sectionsOf(readText("docs/errors.md"), 2);
/** The code and the last cell of each row, without marks. */
const todosIn = (heading: string): [string, string][] =>
  rowsOf(sections.get(heading) ?? "").map((row) => [
    row[0] as string,
    withoutBackticks(row.at(-1) as string).replace(/\[([^\]]*)\]\([^)]*\)/g, "$1"),
  ]);

it("says what docs/errors.md says to do about each error but those of the command line", () => {
  const {INTERNAL: _, ...todos} = errorTodos;
  const documented = ["What may heal: retry", "A message cannot succeed: terminate", "It does not start: refuse"].flatMap(
    todosIn,
  );
  expect(todos).toEqual(Object.fromEntries(documented));
});

it("says what docs/errors.md says to do about each refusal", () => {
  expect(refusalTodos).toEqual(Object.fromEntries(todosIn("Refusals")));
});
