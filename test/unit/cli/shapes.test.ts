import {expect, it} from "vitest";
import {inAscii, isAsciiOnly} from "../../../src/cli/shapes.js";

it.each([
  {id: "no locale", env: {}, expected: false},
  {id: "an empty one", env: {LC_ALL: "", LANG: ""}, expected: false},
  {id: "UTF-8", env: {LANG: "de_DE.UTF-8"}, expected: false},
  {id: "UTF-8 in other words", env: {LANG: "C.utf8"}, expected: false},
  {id: "C", env: {LANG: "C"}, expected: true},
  {id: "Latin 1 before UTF-8", env: {LC_ALL: "de_DE.ISO-8859-1", LANG: "de_DE.UTF-8"}, expected: true},
])("shows only ASCII or not: $id", ({env, expected}) => {
  expect(isAsciiOnly(env)).toBe(expected);
});

it("has a character of ASCII for each shape", () => {
  expect(inAscii("■ signs ▒ waits ▨ refuses □ away █░ … •")).toBe("+ signs ~ waits x refuses - away #. ~ *");
});
