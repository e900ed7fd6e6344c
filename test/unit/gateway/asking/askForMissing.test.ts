import {describe, expect, it} from "vitest";
import type {Deposit} from "../../../../schemas/deposit.js";
import {networks} from "../../../../src/consensus/networks.js";
import {createMoveWarning, isToBeAsked} from "../../../../src/gateway/asking/askForMissing.js";
import type {WantedProgress} from "../../../../src/gateway/progress/readProgress.js";
import {aLogger} from "../../../support/logger.js";
import {aDeposit} from "../../../support/stage.js";

const exit = {network: networks.hoodi, publicKey: `0x${"ab".repeat(48)}`, validatorIndex: 1000};
type Change = {
  /** That of the key's current exit. */
  index?: number;
  state?: string;
  requesters?: string[];
  isComplete?: boolean;
  deposit?: object | undefined;
  /** The one that goes with the current exit. */
  asked?: Deposit | undefined;
};
const someProgress = ({
  index = 1000,
  state = "open",
  requesters = ["op-1"],
  isComplete = false,
  deposit,
  asked,
}: Change = {}): WantedProgress =>
  ({
    exit,
    head: {
      validatorIndex: index,
      state,
      requesters: new Map(requesters.map((id) => [id, 1])),
      deposit: asked && {deposit: asked},
    },
    result: isComplete ? {} : undefined,
    deposit,
  }) as unknown as WantedProgress;
const signature = `0x${"ab".repeat(96)}`;

describe("an exit is to be asked for", () => {
  it.each([
    {id: "that nobody asked for", progress: {...someProgress(), head: undefined}, isAsked: true},
    {id: "that is open", progress: someProgress(), isAsked: false},
    {id: "that another asked for", progress: someProgress({requesters: ["op-2"]}), isAsked: true},
    {id: "whose key has another index now", progress: someProgress({index: 999}), isAsked: true},
    {id: "that has expired", progress: someProgress({state: "expired"}), isAsked: true},
    {id: "that is complete", progress: someProgress({state: "answered", isComplete: true}), isAsked: false},
    {
      id: "that is complete, and its key asked for ahead",
      progress: someProgress({index: 1003, isComplete: true}),
      isAsked: false,
    },
  ])("$id: $isAsked", ({progress, isAsked}) => {
    expect(isToBeAsked(progress, "op-1")).toBe(isAsked);
  });
});

describe("a deposit is to be asked for with its exit", () => {
  const own = aDeposit();
  const other = aDeposit({amount: 33_000_000_000});
  it.each([
    {id: "where none is", asked: undefined, isAsked: true},
    {id: "where it is", asked: own, isAsked: false},
    {id: "where it is, with a later exit of the key", asked: own, index: 1003, isAsked: false},
    {id: "where another is", asked: other, isAsked: true},
    {id: "where it is signed", asked: own, change: {signature}, state: "answered", isAsked: false},
    {id: "where it is signed, and goes with no exit now", asked: other, change: {signature}, isAsked: false},
    {id: "where it has expired", asked: own, change: {isExpired: true}, state: "answered", isAsked: true},
  ])("$id: $isAsked", ({asked, index = 1000, state = "open", change = {}, isAsked}) => {
    const deposit = {id: {deposit: own}, isExpired: false, ...change};
    expect(isToBeAsked(someProgress({index, state, isComplete: true, asked, deposit}), "op-1")).toBe(isAsked);
  });
});

const movedExit = (validatorIndex: number) => ({network: networks.hoodi, publicKey: "0x00", validatorIndex});
const missing = (before: number | undefined, now: number) => ({
  exit: movedExit(now),
  head: before === undefined ? undefined : {validatorIndex: before},
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
