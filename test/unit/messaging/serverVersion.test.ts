import {describe, expect, it} from "vitest";
import {isSafeServerVersion} from "../../../src/messaging/serverVersion.js";

describe("isSafeServerVersion", () => {
  it.each([
    {version: "1.4.1", expected: false},
    {version: "2.9.25", expected: false},
    {version: "2.10.0", expected: false},
    {version: "2.11.99", expected: false},
    {version: "2.12.0", expected: false},
    {version: "2.12.11", expected: false},
    {version: "2.12.12", expected: true},
    {version: "2.12.100", expected: true},
    {version: "2.13.0", expected: false},
    {version: "2.13.9", expected: false},
    {version: "2.14.2", expected: false},
    {version: "2.14.3", expected: true},
    {version: "2.14.3-RC.1", expected: false},
    {version: "2.12.12-preview.2", expected: false},
    {version: "2.15.0-RC.1", expected: true},
    {version: "2.15.2", expected: true},
    {version: "2.100.0", expected: true},
    {version: "3.0.0", expected: true},
    {version: "unknown", expected: false},
    {version: "v2.15.2", expected: false},
    {version: "", expected: false},
    {version: "2", expected: false},
    {version: "2.x.9", expected: false},
  ])("is $expected for $version", ({version, expected}) => {
    expect(isSafeServerVersion(version)).toBe(expected);
  });
});
