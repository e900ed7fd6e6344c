import {afterEach, beforeEach, describe, expect, it, vi} from "vitest";
import {createWaitLog} from "../../../src/runtime/waitLog.js";
import {aLogger} from "../../support/logger.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const stream = "EXIT_SHARES";
const words = {
  begins: "message will be retried",
  goesOn: "messages are still retried",
  ends: "no message waits for this reason any more",
};
const setUp = (named: {named?: "exits"} = {}) => {
  const {logger, logged} = aLogger();
  return {...createWaitLog(logger, {...words, fields: {stream}, ...named}), logged};
};

describe("what keeps entries waiting", () => {
  it("is logged when it is the first of its code, then once a minute with the count, and once when nothing waits", () => {
    const {waits, settled, logged} = setUp();
    for (let second = 0; second < 130; second += 10, vi.advanceTimersByTime(10_000))
      for (const exit of ["exit 1", "exit 2"]) waits(exit, {code: "STORE_UNAVAILABLE"}, "no server", () => ({exits: [exit]}));
    settled("exit 1");
    settled("exit 3");
    expect(logged).toHaveLength(3);
    settled("exit 2");
    const of = {stream, code: "STORE_UNAVAILABLE"};
    expect(logged).toMatchObject([
      {...of, level: 40, msg: "message will be retried", exits: ["exit 1"], error: "no server"},
      {...of, level: 40, msg: "messages are still retried", exits: ["exit 1"], failures: 13, for_s: 60},
      {...of, level: 40, msg: "messages are still retried", exits: ["exit 1"], failures: 25, for_s: 120},
      {...of, level: 30, msg: "no message waits for this reason any more", failures: 26, for_s: 130},
    ]);
  });

  it("is told apart by its code, also where an entry waits for something else now", () => {
    const {waits, logged} = setUp();
    waits("exit 1", {code: "CONSENSUS_UNAVAILABLE"}, "no node", () => ({}));
    waits("exit 1", {code: "RATE_LIMITED"}, "too many", () => ({}));
    vi.advanceTimersByTime(10_000);
    expect(logged.map(({code, msg}) => [code, msg])).toEqual([
      ["CONSENSUS_UNAVAILABLE", "message will be retried"],
      ["RATE_LIMITED", "message will be retried"],
      ["CONSENSUS_UNAVAILABLE", "no message waits for this reason any more"],
    ]);
  });

  it("is over when it did not come again for a minute: another process has it, or it expired", () => {
    const {waits, logged} = setUp();
    waits("exit 1", {code: "STORE_UNAVAILABLE"}, "no server", () => ({}));
    vi.advanceTimersByTime(50_000);
    expect(logged).toHaveLength(1);
    vi.advanceTimersByTime(20_000);
    expect(logged.map(({msg}) => msg)).toEqual(["message will be retried", "no message waits for this reason any more"]);
  });

  it("names all that wait for the same reason, and takes one with another field for another reason", () => {
    const {waits, logged} = setUp({named: "exits"});
    const because = (operator_id: string) => ({code: "ORDER_EXPIRED", operator_id});
    for (const second of [0, 30, 60]) {
      for (const exit of ["exit 1", "exit 2"]) waits(exit, because("op-1"));
      waits("exit 3", because("op-2"));
      if (second < 60) vi.advanceTimersByTime(30_000);
    }
    expect(logged.map(({msg, operator_id, exits}) => [msg, operator_id, exits])).toEqual([
      ["message will be retried", "op-1", ["exit 1"]],
      ["message will be retried", "op-2", ["exit 3"]],
      ["messages are still retried", "op-1", ["exit 2", "exit 1"]],
      ["messages are still retried", "op-2", ["exit 3"]],
    ]);
  });
});
