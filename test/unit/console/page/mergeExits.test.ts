import {describe, expect, it} from "vitest";
import {mergeExits} from "../../../../src/console/page/mergeExits.js";
import {anExitLine} from "../../../support/examples/consoleWorld.js";

const pageOf = (numbers: readonly number[], cursor?: string) => ({
  at: 0,
  exits: numbers.map((it) => anExitLine(it, 0)),
  ...(cursor !== undefined && {cursor}),
});
const numbersOf = ({lines}: ReturnType<typeof mergeExits>) => lines.map(({line}) => line.validator_index - 1_234_567);

describe("the rows of a list", () => {
  const shown = mergeExits(undefined, pageOf([3, 4, 5]));

  it("are those of the page at first", () => {
    expect(numbersOf(shown)).toEqual([3, 4, 5]);
    expect(shown.unseen).toBe(0);
  });

  it("stay where they are when one of them leaves, and say so of it", () => {
    const merged = mergeExits(shown, pageOf([3, 5]));
    expect(numbersOf(merged)).toEqual([3, 4, 5]);
    expect(merged.lines.map(({hasLeft}) => hasLeft)).toEqual([false, true, false]);
  });

  it("get new ones below, and only count those that would push others down", () => {
    const merged = mergeExits(shown, pageOf([1, 2, 3, 4, 5, 6]));
    expect(numbersOf(merged)).toEqual([3, 4, 5, 6]);
    expect(merged.unseen).toBe(2);
  });

  it("do not grow beyond a page that others follow", () => {
    const full = mergeExits(undefined, pageOf([3, 4, 5], "next"));
    expect(numbersOf(mergeExits(full, pageOf([4, 5, 6], "next")))).toEqual([3, 4, 5]);
  });

  it("have the latest of what they show", () => {
    const [line] = mergeExits(shown, {at: 0, exits: [anExitLine(3, 0, {has: [1, 2, 3]})]}).lines;
    expect(line?.line.has).toEqual([1, 2, 3]);
  });

  it("are all new after an empty page", () => {
    expect(numbersOf(mergeExits(mergeExits(undefined, pageOf([])), pageOf([1, 2])))).toEqual([1, 2]);
  });
});
