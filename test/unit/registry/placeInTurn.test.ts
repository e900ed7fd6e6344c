import {describe, expect, it} from "vitest";
import {placeInTurn} from "../../../src/registry/placeInTurn.js";
import {roundsAhead} from "../../../src/registry/roundsAhead.js";
import {byIndex} from "../../support/byIndex.js";

type At = Readonly<Record<string, readonly number[]>>;
const has = (exits: At) => (key: string, index: number) => exits[key]?.includes(index) === true;

describe("validators are placed at the next indexes", () => {
  const ready = {a: [100, 103], b: [101, 104], c: [102, 105]};
  it.each([
    {id: "in their order, if none has an exit", startIndex: 100, exits: [{}], placed: "abc"},
    {id: "where their exits are", startIndex: 100, exits: [ready], placed: "abc"},
    {id: "so that the first comes last, after a move by one", startIndex: 101, exits: [ready], placed: "bca"},
    {id: "in their order where nobody has one", startIndex: 104, exits: [ready], placed: "bca"},
    {id: "by what is on its way, where nothing is there", startIndex: 104, exits: [{c: [105]}, {a: [104, 105]}], placed: "acb"},
    {id: "by what is there, whatever is on its way", startIndex: 104, exits: [{c: [104]}, {a: [104], b: [104]}], placed: "cab"},
  ])("$id", ({startIndex, exits, placed}) => {
    expect(placeInTurn(["a", "b", "c"], startIndex, ...exits.map(has)).join("")).toBe(placed);
    expect(placeInTurn(["a", "b", "c"], startIndex, ...exits.map(byIndex)).join("")).toBe(placed);
  });

  it("without asking for each pair, of as many as an operator may ask for: others wait meanwhile", () => {
    const keys = Array.from({length: 1000}, (_, position) => `key ${position}`);
    let looks = 0;
    class Counted extends Map<number, string[]> {
      override get(index: number): string[] | undefined {
        looks++;
        return super.get(index);
      }
    }
    const placed = placeInTurn(keys, 1000, new Counted(), new Counted(keys.map((key, position) => [1999 - position, [key]])));
    expect(placed).toEqual(keys.toReversed());
    expect(looks).toBe(2000);
  });

  it("and stay there while exits come at these places, in any order", () => {
    const first = placeInTurn(["a", "b", "c"], 103, has({b: [104]}), has({c: [103]}));
    const exits: Record<string, number[]> = {b: [104]};
    for (const position of [2, 0, 1]) {
      exits[first[position] as string] = [103 + position];
      expect(placeInTurn(["a", "b", "c"], 103, has(exits), has({c: [103]}))).toEqual(first);
    }
  });
});

describe("exits are asked for ahead", () => {
  const keys = (count: number) => Array.from({length: count}, (_, of) => ({of}));
  it.each([
    {validators: 1, rounds: [["0@101"], ["0@102"], ["0@103"]]},
    {validators: 2, rounds: [["0@102", "1@103"], ["0@104"]]},
    {validators: 5, rounds: [["0@105", "1@106", "2@107"]]},
    {validators: 0, rounds: []},
  ])("of $validators validators in turn", ({validators, rounds}) => {
    const asked = roundsAhead(keys(validators), 100, 3);
    expect(asked.map((round) => round.map(({of, validatorIndex}) => `${of}@${validatorIndex}`))).toEqual(rounds);
  });
});
