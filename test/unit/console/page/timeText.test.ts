import {describe, expect, it} from "vitest";
import {timeText, utcText} from "../../../../src/console/page/timeText.js";

const at = Date.UTC(2026, 10, 29, 23, 30);

describe("a time", () => {
  it.each([
    {id: "today", ms: Date.UTC(2026, 10, 29, 9, 5, 7, 42), zone: "UTC", text: "09:05"},
    {
      id: "to the millisecond",
      ms: Date.UTC(2026, 10, 29, 9, 5, 7, 42),
      zone: "UTC",
      precision: "milliseconds",
      text: "09:05:07.042",
    },
    {id: "midnight", ms: Date.UTC(2026, 10, 29), zone: "UTC", text: "00:00"},
    {id: "yesterday", ms: Date.UTC(2026, 10, 28, 9, 5), zone: "UTC", text: "28 Nov 09:05"},
    {id: "last year", ms: Date.UTC(2025, 10, 28, 9, 5), zone: "UTC", text: "28 Nov 2025 09:05"},
    {id: "tomorrow for somebody else", ms: Date.UTC(2026, 10, 29, 9, 5), zone: "Asia/Tokyo", text: "29 Nov 18:05"},
  ] as const)("is said in the viewer's zone: $id", ({ms, zone, text, ...more}) => {
    expect(timeText(ms, {at, zone}, "precision" in more ? more.precision : undefined)).toBe(text);
  });

  it("is exact in UTC", () => {
    expect(utcText(Date.UTC(2026, 10, 29, 9, 5, 7, 42))).toBe("2026-11-29 09:05:07.042 UTC");
  });
});
