import {describe, expect, it} from "vitest";
import {toChecksumAddress, whyNotChecksum} from "../../../src/runtime/checksumAddress.js";

describe("toChecksumAddress", () => {
  it.each([
    "0x52908400098527886E0F7030069857D2E4169EE7",
    "0xde709f2102306220921060314715629080e2fb77",
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
    "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
  ])("writes EIP-55's own %s", (address) => {
    expect(toChecksumAddress(address.toLowerCase())).toBe(address);
    expect(toChecksumAddress(`0x${address.slice(2).toUpperCase()}`)).toBe(address);
  });
});

describe("whyNotChecksum", () => {
  const right = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";

  it.each([
    {id: "the right mixed case", address: right},
    {id: "lower case", address: right.toLowerCase()},
    {id: "upper case", address: `0x${right.slice(2).toUpperCase()}`},
    {id: "digits alone", address: `0x${"12".repeat(20)}`},
  ])("takes $id", ({address}) => {
    expect(whyNotChecksum(address)).toBeUndefined();
  });

  it.each([
    {id: "another digit", address: right.replace("0x5", "0x6")},
    {id: "one letter in another case", address: right.replace("aA", "aa")},
  ])("refuses $id", ({address}) => {
    expect(whyNotChecksum(address)).toMatch(/checksum \(EIP-55\) is wrong/);
  });
});
