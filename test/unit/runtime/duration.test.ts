import {describe, expect, it} from "vitest";
import {durationPattern, parseDurationMs} from "../../../src/runtime/duration.js";

describe("a duration", () => {
  it.each([
    {text: "1ms", expected: 1},
    {text: "250ms", expected: 250},
    {text: "30s", expected: 30_000},
    {text: "10m", expected: 600_000},
    {text: "24h", expected: 86_400_000},
    {text: "7d", expected: 604_800_000},
    {text: "999999999d", expected: 999_999_999 * 86_400_000},
  ])("of $text is $expected ms", ({text, expected}) => {
    expect(text).toMatch(new RegExp(durationPattern));
    expect(parseDurationMs(text)).toBe(expected);
  });

  it.each(["", "0s", "30", "s", "30 s", "-30s", "+30s", "1.5h", "1e3s", "030s", "30S", "1h30m", "30s\n", "1w", "9999999999s"])(
    "is not %j",
    (text) => {
      expect(text).not.toMatch(new RegExp(durationPattern));
    },
  );
});
