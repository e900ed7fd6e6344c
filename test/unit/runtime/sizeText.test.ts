import {expect, it} from "vitest";
import {sizeText} from "../../../src/runtime/sizeText.js";

it.each([
  {bytes: 0, expected: "0 B"},
  {bytes: 1023, expected: "1023 B"},
  {bytes: 1024, expected: "1.0 KiB"},
  {bytes: 12_900, expected: "12 KiB"},
  {bytes: 1.29 * 1024 ** 2, expected: "1.2 MiB"},
  {bytes: 3000 * 1024 ** 4, expected: "3000 TiB"},
])("says $bytes bytes as $expected", ({bytes, expected}) => {
  expect(sizeText(bytes)).toBe(expected);
});
