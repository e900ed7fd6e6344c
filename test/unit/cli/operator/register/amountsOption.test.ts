import {InvalidArgumentError} from "commander";
import {expect, it} from "vitest";
import {operatorRegister} from "../../../../../src/cli/commands/operatorRegister.js";

const parse = (name: string, text: string): unknown => operatorRegister.options[name]?.parse?.(text);

it.each([
  {text: "32", gwei: [32_000_000_000]},
  {text: "32,64.5", gwei: [32_000_000_000, 64_500_000_000]},
  {text: " 32 , 33.000000001 ", gwei: [32_000_000_000, 33_000_000_001]},
  {text: "1945.123456789", gwei: [1_945_123_456_789]},
])("--amounts takes $text", ({text, gwei}) => {
  expect(parse("amounts", text)).toEqual(gwei);
});

it.each(["", "32,", "32;33", "-32", "3.2e1", "0x20", "32.0000000001", "32 ETH", ".5", "12345678"])(
  "--amounts refuses %j",
  (text) => {
    expect(() => parse("amounts", text)).toThrow(InvalidArgumentError);
  },
);

it.each(["0x12", "00".repeat(20), `0x${"zz".repeat(20)}`, "0x6aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"])(
  "--vault refuses %s",
  (text) => {
    expect(() => parse("vault", text)).toThrow(InvalidArgumentError);
  },
);
