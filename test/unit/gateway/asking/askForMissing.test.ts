import {describe, expect, it} from "vitest";
import type {Deposit} from "../../../../schemas/deposit.js";
import {networks} from "../../../../src/consensus/networks.js";
import {createMoveWarning, isToBeAsked} from "../../../../src/gateway/asking/askForMissing.js";
import type {ExitProgress} from "../../../../src/gateway/progress/readProgress.js";
import {aLogger} from "../../../support/logger.js";
import {aDeposit} from "../../../support/stage.js";

const exit = {network: networks.hoodi, publicKey: `0x${"ab".repeat(48)}`, validatorIndex: 1000};
type Change = {index?: number; state?: string; requesters?: string[]; isComplete?: boolean; deposit?: object | undefined};
const someProgress = ({
  index = 1000,
  state = "open",
  requesters = ["op-1"],
  isComplete = false,
  deposit,
}: Change = {}): ExitProgress =>
  ({
    exit: {...exit, validatorIndex: index},
    head: {state, requesters: new Map(requesters.map((id) => [id, 1]))},
    result: isComplete ? {} : undefined,
    deposit,
  }) as unknown as ExitProgress;
const depositProgress = (deposit: Deposit, change: object = {}): object => ({id: {deposit}, isExpired: false, ...change});
const signature = `0x${"ab".repeat(96)}`;

describe("an exit is to be asked for", () => {
  it.each([
    {id: "that nobody asked for", progress: undefined, isAsked: true},
    {id: "that is open", progress: someProgress(), isAsked: false},
    {id: "that another asked for", progress: someProgress({requesters: ["op-2"]}), isAsked: true},
    {id: "of another index", progress: someProgress({index: 999, isComplete: true}), isAsked: true},
    {id: "that has expired", progress: someProgress({state: "expired"}), isAsked: true},
    {id: "that is complete", progress: someProgress({state: "answered", isComplete: true}), isAsked: false},
  ])("$id: $isAsked", ({progress, isAsked}) => {
    expect(isToBeAsked(exit, progress, "op-1")).toBe(isAsked);
  });
});

describe("a deposit is to be asked for with its exit", () => {
  const own = aDeposit();
  const other = aDeposit({amount: 33_000_000_000});
  it.each([
    {id: "where none is", deposit: undefined, isAsked: true},
    {id: "where it is", deposit: depositProgress(own), isAsked: false},
    {id: "where another is", deposit: depositProgress(other), isAsked: true},
    {id: "where another is signed", deposit: depositProgress(other, {signature}), isAsked: true},
    {id: "where it is signed", deposit: depositProgress(own, {signature}), state: "answered", isAsked: false},
    {id: "where it has expired", deposit: depositProgress(own, {isExpired: true}), state: "answered", isAsked: true},
  ])("$id: $isAsked", ({deposit, state = "open", isAsked}) => {
    const progress = someProgress({state, isComplete: true, deposit});
    expect(isToBeAsked({...exit, deposit: own}, progress, "op-1")).toBe(isAsked);
  });
});

const movedExit = (validatorIndex: number) => ({network: networks.hoodi, publicKey: "0x00", validatorIndex});
const missing = (before: number | undefined, now: number) => ({
  exit: movedExit(now),
  current: before === undefined ? undefined : ({exit: movedExit(before)} as ExitProgress),
});

it("warns once of each start that exits moved to, and of none that is new", () => {
  const {logger, logged} = aLogger();
  const warnOfMove = createMoveWarning(logger);
  warnOfMove("op-1", 100, [missing(undefined, 100), missing(101, 101)]);
  expect(logged).toEqual([]);
  for (let poll = 0; poll < 3; poll++) warnOfMove("op-1", 102, [missing(100, 102), missing(101, 103), missing(undefined, 104)]);
  warnOfMove("op-2", 102, [missing(100, 102)]);
  warnOfMove("op-1", 105, [missing(102, 105)]);
  expect(logged).toMatchObject([
    {operator_id: "op-1", next_index: 102, first_was: 100, exits: ["hoodi:0x00:100", "hoodi:0x00:101"]},
    {operator_id: "op-2", next_index: 102, first_was: 100, exits: ["hoodi:0x00:100"]},
    {operator_id: "op-1", next_index: 105, first_was: 102, exits: ["hoodi:0x00:102"]},
  ]);
});
