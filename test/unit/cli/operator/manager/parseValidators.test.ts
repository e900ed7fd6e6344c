import {describe, expect, it} from "vitest";
import {consolidations, withdrawals} from "../../../../../src/cli/operator/manager/parseValidators.js";

const [one, other] = ["ab", "cd"].map((byte) => `0x${byte.repeat(48)}`) as [string, string];

describe("the validators of a withdrawal", () => {
  it("have amounts of ETH, or are exited", () => {
    expect(withdrawals(`${one}=1.5, ${other.toUpperCase().replace("0X", "0x")}=full`)).toEqual([
      {publicKey: one, amount: 1_500_000_000},
      {publicKey: other, amount: 0},
    ]);
  });

  it.each(["0", "0.0", "0.000000000"])("do not take 0 for an exit: %s", (amount) => {
    expect(() => withdrawals(`${one}=${amount}`)).toThrow("full");
  });

  it.each([
    "",
    one,
    `${one}=`,
    `${one}=-1`,
    `${one}=1e3`,
    `${one}=1.0000000001`,
    `${one}=1=2`,
    `0x12=1`,
    `${one}=1,`,
    `${one}=all`,
  ])("are not %s", (text) => {
    expect(() => withdrawals(text)).toThrow("Expected public keys with amounts");
  });
});

describe("the validators of a consolidation", () => {
  it("are sources with targets", () => {
    expect(consolidations(`${one}=${other},${other}=${other}`)).toEqual([
      {source: one, target: other},
      {source: other, target: other},
    ]);
  });

  it.each(["", one, `${one}=1`, `${one}=${other}=${one}`])("are not %s", (text) => {
    expect(() => consolidations(text)).toThrow("Expected public keys of sources and targets");
  });
});
