import {describe, expect, it} from "vitest";
import {createWaits} from "../../../src/runtime/createWaits.js";

function waitsAt(start: number) {
  let now = start;
  const to = (at: number): void => {
    now = at;
  };
  return {...createWaits(() => now), to};
}

describe("what waits", () => {
  it("is nothing at first", () => {
    expect(waitsAt(0).list()).toEqual([]);
  });

  it("is counted by code, since the first of a code waits", () => {
    const waits = waitsAt(1000);
    waits.waiting("a", "CONSENSUS_UNAVAILABLE");
    waits.to(2000);
    waits.waiting("b", "CONSENSUS_UNAVAILABLE");
    waits.waiting("c", "RATE_LIMITED");
    expect(waits.list()).toEqual([
      {code: "CONSENSUS_UNAVAILABLE", since: 1000, exits: 2},
      {code: "RATE_LIMITED", since: 2000, exits: 1},
    ]);
  });

  it("counts an entry once, however often it is tried, and keeps since when", () => {
    const waits = waitsAt(1000);
    for (const at of [1000, 2000, 50_000]) {
      waits.to(at);
      waits.waiting("a", "SIGNER_UNAVAILABLE");
    }
    expect(waits.list()).toEqual([{code: "SIGNER_UNAVAILABLE", since: 1000, exits: 1}]);
  });

  it("keeps since when a code has kept something waiting without a break, whatever settles meanwhile", () => {
    const waits = waitsAt(1000);
    waits.waiting("a", "RATE_LIMITED");
    waits.to(2000);
    waits.waiting("b", "RATE_LIMITED");
    waits.settled("a");
    expect(waits.list()).toEqual([{code: "RATE_LIMITED", since: 1000, exits: 1}]);
    waits.settled("b");
    expect(waits.list()).toEqual([]);
    waits.to(3000);
    waits.waiting("b", "RATE_LIMITED");
    expect(waits.list()).toEqual([{code: "RATE_LIMITED", since: 3000, exits: 1}]);
  });

  it("moves an entry to the code that it waits for now", () => {
    const waits = waitsAt(1000);
    waits.waiting("a", "CONSENSUS_UNAVAILABLE");
    waits.to(2000);
    waits.waiting("a", "RATE_LIMITED");
    expect(waits.list()).toEqual([{code: "RATE_LIMITED", since: 2000, exits: 1}]);
  });

  it("forgets what was not seen for 60 s: another process has it, or its message has expired", () => {
    const waits = waitsAt(0);
    waits.waiting("a", "STORE_UNAVAILABLE");
    waits.to(30_000);
    waits.waiting("b", "STORE_UNAVAILABLE");
    waits.to(59_999);
    expect(waits.list()).toEqual([{code: "STORE_UNAVAILABLE", since: 0, exits: 2}]);
    waits.to(60_000);
    expect(waits.list()).toEqual([{code: "STORE_UNAVAILABLE", since: 0, exits: 1}]);
    waits.to(90_000);
    expect(waits.list()).toEqual([]);
  });

  it("does nothing about an entry that does not wait", () => {
    const waits = waitsAt(0);
    waits.settled("a");
    waits.waiting("b", "RATE_LIMITED");
    waits.settled("a");
    expect(waits.list()).toEqual([{code: "RATE_LIMITED", since: 0, exits: 1}]);
  });

  it("counts no more than 65,536 entries, and goes on once some settle", () => {
    const waits = waitsAt(0);
    for (let entry = 0; entry <= 65_536; entry++) waits.waiting(String(entry), "RATE_LIMITED");
    expect(waits.list()).toEqual([{code: "RATE_LIMITED", since: 0, exits: 65_536}]);
    waits.settled("0");
    waits.waiting("another", "SIGNER_UNAVAILABLE");
    expect(waits.list().map(({exits}) => exits)).toEqual([65_535, 1]);
  });
});
