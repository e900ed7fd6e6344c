import {expect, it} from "vitest";
import {toColumns} from "../../../src/cli/columns.js";

const rows = [
  ["key", "exits", "reason"],
  ["alpha", "5", "the beacon node is away"],
  ["b", "118", "-"],
];

it("makes columns as wide as their widest cell, without blanks at the end of a line", () => {
  expect(toColumns(rows)).toBe("key    exits  reason\nalpha  5      the beacon node is away\nb      118    -\n");
});

it("has numbers end at the same place", () => {
  expect(toColumns(rows, {right: [1]})).toBe("key    exits  reason\nalpha      5  the beacon node is away\nb        118  -\n");
});

it("shortens the widest column where the terminal is narrow", () => {
  expect(toColumns(rows, {width: 30})).toBe("key    exits  reason\nalpha  5      the beacon node…\nb      118    -\n");
});

it("leaves a few characters of each column, however narrow the terminal is", () => {
  expect(toColumns(rows, {width: 5})).toBe("key    exits  reason\nalpha  5      the bea…\nb      118    -\n");
});

it("leaves out spare columns, in their order, before it shortens any", () => {
  expect(toColumns(rows, {width: 30, spare: [1, 0]})).toBe("key    reason\nalpha  the beacon node is away\nb      -\n");
});
