import {describe, expect, it} from "vitest";
import {chooseKeys, freeKeys, type Wanted} from "../../../../src/gateway/operatorApi/chooseKeys.js";
import type {Reservation} from "../../../../src/store/reservations.js";
import {aDeposit} from "../../../support/stage.js";

const ether = (amount: number): number => amount * 1_000_000_000;
const keys = ["a", "b", "c", "d"];
const {vault} = aDeposit();
const otherVault = `0x${"b2".repeat(20)}`;
const aReservation = (publicKey: string, validatorIndex: number, change: Partial<Reservation["deposit"]> = {}): Reservation => ({
  ...{publicKey, validatorIndex},
  deposit: {vault, amount: ether(40), validator_type: "0x02", ...change},
});
const reservedAs = (...reservations: Reservation[]) => new Map(reservations.map((it) => [it.publicKey, it]));
const wantedOf = (amounts: readonly number[], startIndex = 1000): Wanted => ({
  ...{vault, validator_type: "0x02" as const, startIndex},
  amounts: amounts.map(ether),
});

describe("which keys are chosen", () => {
  it("the first that nobody has, each at the next index with the next amount", () => {
    expect(chooseKeys(keys, new Map(), wantedOf([40, 32, 64]))).toEqual([
      aReservation("a", 1000),
      aReservation("b", 1001, {amount: ether(32)}),
      aReservation("c", 1002, {amount: ether(64)}),
    ]);
  });

  it("none that is another vault's, or that the sidecars are bound to another type of", () => {
    const reserved = reservedAs(
      aReservation("a", 1000, {vault: otherVault}),
      aReservation("b", 1000, {validator_type: "0x01", amount: ether(32)}),
      aReservation("c", 1000),
    );
    expect(freeKeys(keys, reserved, wantedOf([40]))).toEqual(["c", "d"]);
    expect(chooseKeys(keys, reserved, wantedOf([40, 40, 40]))).toEqual([aReservation("c", 1000), aReservation("d", 1001)]);
  });
});

it.each([
  {id: "that is less than is asked for now, as it is", standing: ether(40), at: 1000, asked: 41, amount: ether(40)},
  {id: "that is asked for now, as it is", standing: ether(40), at: 1000, asked: 40, amount: ether(40)},
  {id: "that is more than is asked for now, no longer", standing: ether(40), at: 1000, asked: 39, amount: ether(39)},
  {id: "of another index, no longer", standing: ether(40), at: 999, asked: 41, amount: ether(41)},
])("keeps an amount $id", ({standing, at, asked, amount}) => {
  const reserved = reservedAs(aReservation("a", at, {amount: standing}));
  expect(chooseKeys(keys, reserved, wantedOf([asked]))).toEqual([aReservation("a", 1000, {amount})]);
});
