import {describe, expect, it} from "vitest";
import {fromHex, toHex} from "../../../src/runtime/hex.js";

describe("hex", () => {
  it.each([
    {id: "nothing", bytes: [], hex: "0x"},
    {id: "leading zeros", bytes: [0, 0, 1], hex: "0x000001"},
    {id: "high bytes", bytes: [0xab, 0xff], hex: "0xabff"},
  ])("writes and reads $id", ({bytes, hex}) => {
    expect(toHex(Uint8Array.from(bytes))).toBe(hex);
    expect([...fromHex(hex)]).toEqual(bytes);
  });

  it("reads any case, with and without 0x", () => {
    expect(["0xABcd", "ABcd", "abcd"].map((text) => [...fromHex(text)])).toEqual([
      [0xab, 0xcd],
      [0xab, 0xcd],
      [0xab, 0xcd],
    ]);
  });

  it("writes a view of a larger buffer as what it shows", () => {
    expect(toHex(Uint8Array.of(1, 2, 3, 4).subarray(1, 3))).toBe("0x0203");
    expect(toHex(Buffer.from("0203", "hex"))).toBe("0x0203");
  });
});
