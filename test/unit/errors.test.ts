import {describe, expect, it} from "vitest";
import {DvtError, dispositionOf, dispositions, type ErrorCode, exitCodeOf} from "../../src/errors.js";

describe("exitCodeOf", () => {
  it.each<{code: ErrorCode; exitCode: number}>([
    {code: "BUS_UNAVAILABLE", exitCode: 75},
    {code: "STORE_UNAVAILABLE", exitCode: 75},
    {code: "CONFIG_INVALID", exitCode: 78},
    {code: "CLUSTER_SHARES_INCONSISTENT", exitCode: 78},
    {code: "KEYSTORE_FOREIGN", exitCode: 78},
    {code: "NATS_VERSION_UNSAFE", exitCode: 78},
    {code: "USAGE", exitCode: 64},
    {code: "COMPLETION_INVALID", exitCode: 1},
  ])("is $exitCode for $code", ({code, exitCode}) => {
    expect(exitCodeOf(new DvtError(code, "do something"))).toBe(exitCode);
  });

  it.each([
    {id: "an error of the language", error: new TypeError("x is not a function")},
    {id: "an error that only looks like ours", error: Object.assign(new Error("do something"), {code: "CONFIG_INVALID"})},
    {id: "text", error: "CONFIG_INVALID"},
    {id: "undefined", error: undefined},
  ])("is 1, as for a bug, for $id", ({error}) => {
    expect(exitCodeOf(error)).toBe(1);
    expect(dispositionOf(error)).toBeUndefined();
  });
});

it.each(Object.keys(dispositions) as ErrorCode[])("%s has one disposition", (code) => {
  expect(dispositionOf(new DvtError(code, "do something"))).toBe(dispositions[code]);
});

it("keeps its cause, its code and its name", () => {
  const cause = new Error("ENOENT");
  expect(new DvtError("FILE_UNREADABLE", "read a file", {cause})).toMatchObject({
    name: "DvtError",
    code: "FILE_UNREADABLE",
    message: "read a file",
    cause,
  });
});
