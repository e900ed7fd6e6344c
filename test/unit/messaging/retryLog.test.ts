import {describe, expect, it} from "vitest";
import {createRetryLog} from "../../../src/messaging/retryLog.js";
import type {Logger} from "../../../src/runtime/logger.js";

const subject = "dvt.v2.exit_shares.hoodi.c.1";

describe("a message that will be retried", () => {
  it("is logged at once if it is the first of its code; the others are counted in one line a minute", () => {
    const lines: {level: string; code: string; others?: number}[] = [];
    const at = (level: string) => (line: {code: string; others?: number}) => void lines.push({level, ...line});
    let nowMs = 0;
    const logger = {warn: at("warn"), debug: at("debug"), isLevelEnabled: () => true};
    const log = createRetryLog(logger as unknown as Logger, () => nowMs);

    for (; nowMs < 150_000; nowMs += 10_000) log.add("STORE_UNAVAILABLE", "no server", () => ({subject}));
    log.add("QUOTA_FULL", "too many", () => ({subject}));

    expect(lines.filter(({level}) => level === "warn").map(({code, others}) => [code, others])).toEqual([
      ["STORE_UNAVAILABLE", undefined],
      ["STORE_UNAVAILABLE", 5],
      ["STORE_UNAVAILABLE", 5],
      ["QUOTA_FULL", undefined],
    ]);
    expect(lines).toHaveLength(16);
  });
});
