import {expect, it} from "vitest";
import {barsOf} from "../../../../src/console/page/barsOf.js";
import {aClusterStatus} from "../../../support/examples/status.js";

const withMinutes = (per_minute: number[]) => aClusterStatus({exits: {open: 0, not_taken: 0, completed_today: 0, per_minute}});

it("adds up the minutes of all clusters; a cluster that says less says the latest", () => {
  const {counts, total, most} = barsOf([withMinutes(Array(60).fill(1)), withMinutes([5, 7])]);
  expect(counts).toEqual([...Array(58).fill(1), 6, 8]);
  expect({total, most}).toEqual({total: 72, most: 8});
  expect(barsOf([]).most).toBe(0);
});
