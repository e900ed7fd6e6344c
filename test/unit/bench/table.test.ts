import {expect, it} from "vitest";
import {toTable, toText} from "../../bench/table.js";

it("makes columns as wide as their widest cell", () => {
  expect(
    toTable(
      ["", "min", "unit"],
      [
        ["sign", "1000", "µs"],
        ["verify a share", "2"],
      ],
    ),
  ).toBe(
    ["                 min  unit", "--------------  ----  ----", "sign            1000    µs", "verify a share     2"].join("\n"),
  );
});

it.each([
  [0, "0"],
  [0.012345, "0.0123"],
  [1.5, "1.5"],
  [12.345, "12.3"],
  [123.45, "123"],
  [123456.7, "123457"],
  [Number.NaN, "-"],
])("tells %d as %s", (value, text) => {
  expect(toText(value)).toBe(text);
});
