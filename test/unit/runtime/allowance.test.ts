import {describe, expect, it} from "vitest";
import {openBalance} from "../../../src/runtime/allowance.js";

function open() {
  let now = 0;
  const balance = openBalance({burst: 3, perSecond: 2}, () => now);
  return {balance, pass: (ms: number) => (now += ms)};
}

describe("the balance of an allowance", () => {
  it("has so much at once, and no more", () => {
    const {balance} = open();
    for (const left of [3, 2, 1]) {
      expect(balance.left()).toBe(left);
      balance.spend();
    }
    expect(balance.left()).toBe(0);
  });

  it("grows with time, and not beyond what may be spent at once", () => {
    const {balance, pass} = open();
    for (let spent = 0; spent < 3; spent++) balance.spend();
    pass(500);
    expect(balance.left()).toBe(1);
    pass(60_000);
    expect(balance.left()).toBe(3);
  });

  it("gets back what is earned, and not beyond that", () => {
    const {balance} = open();
    balance.spend();
    balance.spend();
    balance.earn();
    expect(balance.left()).toBe(2);
    balance.earn();
    balance.earn();
    expect(balance.left()).toBe(3);
  });

  it("returns how long it is empty, even if it was overdrawn", () => {
    const {balance, pass} = open();
    expect(balance.emptyForMs()).toBe(0);
    for (let spent = 0; spent < 5; spent++) balance.spend();
    expect(balance.emptyForMs()).toBe(1500);
    pass(1500);
    expect(balance.emptyForMs()).toBe(0);
  });
});
