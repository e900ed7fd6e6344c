import {describe, expect, it} from "vitest";
import {createPatience} from "../../../src/messaging/patience.js";

/** Fails once a second, and returns the seconds at which the server was left. */
function leaves({
  servers,
  seconds,
  serves = () => false,
}: {
  servers: number;
  seconds: number;
  serves?: (second: number) => boolean;
}) {
  let now = 0;
  const patience = createPatience(servers, 10_000, () => now * 1000);
  const left: number[] = [];
  for (; now < seconds; now++) {
    if (serves(now)) patience.served();
    else if (patience.failed()) left.push(now);
  }
  return left;
}

describe("a server that does not serve", () => {
  it("is left after ten seconds, and so is each of the others", () => {
    expect(leaves({servers: 3, seconds: 34})).toEqual([10, 21, 32]);
  });

  it("is left less and less often once all were tried and none serves", () => {
    const all = leaves({servers: 2, seconds: 3600});
    const gaps = all.slice(1).map((at, position) => at - (all[position] as number));
    expect(gaps.slice(0, 8)).toEqual([11, 21, 21, 41, 41, 81, 81, 161]);
    expect(Math.max(...gaps)).toBe(321);
  });

  it("is left quickly again after one served", () => {
    const left = leaves({servers: 2, seconds: 75, serves: (second) => second === 63});
    expect(left).toEqual([10, 21, 42, 74]);
  });

  it("is not left if it is the only one", () => {
    expect(leaves({servers: 1, seconds: 3600})).toEqual([]);
  });

  it("is not left if it serves between failures", () => {
    expect(leaves({servers: 3, seconds: 3600, serves: (second) => second % 9 === 0})).toEqual([]);
  });
});

it("three failures are needed, however long they take", () => {
  let now = 0;
  const {failed} = createPatience(3, 10_000, () => now);
  const outcomes = [0, 60_000, 120_000].map((at) => {
    now = at;
    return failed();
  });
  expect(outcomes).toEqual([false, false, true]);
});
