import {expect, it} from "vitest";
import {networks} from "../../../src/consensus/networks.js";
import type {Standing} from "../../../src/gateway/lookUp.js";
import {createMovedLog} from "../../../src/gateway/movedLog.js";
import {aLogger} from "../../support/logger.js";

const exitOf = (validatorIndex: number) => ({network: networks.hoodi, publicKey: "0x00", validatorIndex});
const asked = (before: number | undefined, now: number) => ({
  exit: exitOf(now),
  standing: before === undefined ? undefined : ({exit: exitOf(before)} as Standing),
});

it("tells once of each start that exits moved to, and of none that is new", () => {
  const {logger, logged} = aLogger();
  const tell = createMovedLog(logger);
  tell("op-1", 100, [asked(undefined, 100), asked(101, 101)]);
  expect(logged).toEqual([]);
  for (let poll = 0; poll < 3; poll++) tell("op-1", 102, [asked(100, 102), asked(101, 103), asked(undefined, 104)]);
  tell("op-2", 102, [asked(100, 102)]);
  tell("op-1", 105, [asked(102, 105)]);
  expect(logged).toMatchObject([
    {operator_id: "op-1", next_index: 102, first_was: 100, exits: 2},
    {operator_id: "op-2", next_index: 102, first_was: 100, exits: 1},
    {operator_id: "op-1", next_index: 105, first_was: 102, exits: 1},
  ]);
});
