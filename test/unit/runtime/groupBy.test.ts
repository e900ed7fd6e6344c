import {expect, it} from "vitest";
import {groupBy} from "../../../src/runtime/groupBy.js";

it("puts what has one key together, the keys and the items in the order in which they came", () => {
  const groups = groupBy(["banana", "apple", "blueberry", "cherry", "avocado"], (it) => it.slice(0, 1));
  expect([...groups]).toEqual([
    ["b", ["banana", "blueberry"]],
    ["a", ["apple", "avocado"]],
    ["c", ["cherry"]],
  ]);
});

it("keeps an item that appears twice, and keys that an object would already have", () => {
  expect([...groupBy(["__proto__", "constructor", "__proto__"], (it) => it)]).toEqual([
    ["__proto__", ["__proto__", "__proto__"]],
    ["constructor", ["constructor"]],
  ]);
});

it("makes no groups of nothing", () => {
  expect(groupBy([], () => "a key").size).toBe(0);
});
