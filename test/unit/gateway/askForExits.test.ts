import {describe, expect, it} from "vitest";
import type {Deposit} from "../../../schemas/deposit.js";
import {networks} from "../../../src/consensus/networks.js";
import {isToBeAsked} from "../../../src/gateway/askForExits.js";
import type {Standing} from "../../../src/gateway/lookUp.js";
import {aDeposit} from "../../support/stage.js";

const exit = {network: networks.hoodi, publicKey: `0x${"ab".repeat(48)}`, validatorIndex: 1000};
type Change = {index?: number; state?: string; askers?: string[]; isComplete?: boolean; deposit?: object | undefined};
const aStanding = ({index = 1000, state = "open", askers = ["op-1"], isComplete = false, deposit}: Change = {}): Standing =>
  ({
    exit: {...exit, validatorIndex: index},
    head: {state, askers: new Map(askers.map((id) => [id, 1]))},
    result: isComplete ? {} : undefined,
    deposit,
  }) as unknown as Standing;
const standingOf = (deposit: Deposit, change: object = {}): object => ({id: {deposit}, isExpired: false, ...change});
const signature = `0x${"ab".repeat(96)}`;

describe("an exit is to be asked for", () => {
  it.each([
    {id: "that nobody asked for", standing: undefined, isAsked: true},
    {id: "that is open", standing: aStanding(), isAsked: false},
    {id: "that another asked for", standing: aStanding({askers: ["op-2"]}), isAsked: true},
    {id: "of another index", standing: aStanding({index: 999, isComplete: true}), isAsked: true},
    {id: "that has expired", standing: aStanding({state: "expired"}), isAsked: true},
    {id: "that is complete", standing: aStanding({state: "answered", isComplete: true}), isAsked: false},
  ])("$id: $isAsked", ({standing, isAsked}) => {
    expect(isToBeAsked(exit, standing, "op-1")).toBe(isAsked);
  });
});

describe("a deposit is to be asked for with its exit", () => {
  const own = aDeposit();
  const other = aDeposit({amount: 33_000_000_000});
  it.each([
    {id: "where none is", deposit: undefined, isAsked: true},
    {id: "where it is", deposit: standingOf(own), isAsked: false},
    {id: "where another is", deposit: standingOf(other), isAsked: true},
    {id: "where another is signed", deposit: standingOf(other, {signature}), isAsked: true},
    {id: "where it is signed", deposit: standingOf(own, {signature}), state: "answered", isAsked: false},
    {id: "where it has expired", deposit: standingOf(own, {isExpired: true}), state: "answered", isAsked: true},
  ])("$id: $isAsked", ({deposit, state = "open", isAsked}) => {
    const standing = aStanding({state, isComplete: true, deposit});
    expect(isToBeAsked({...exit, deposit: own}, standing, "op-1")).toBe(isAsked);
  });
});
