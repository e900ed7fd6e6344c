import {describe, expect, it} from "vitest";
import {createPart, Fault, partCheck, toCheck} from "../../../../src/cli/doctor/check.js";
import {lookAt} from "../../../../src/cli/doctor/lookAt.js";
import {DvtError} from "../../../../src/errors.js";

const ok = (what: string) => toCheck(what, async () => "there");
const failing = (error: Error) => createPart<string>("file", () => Promise.reject(error));

describe("a check", () => {
  it("says what failed, with its code and what to do", async () => {
    const part = failing(new DvtError("FILE_MISSING", "read it: there is no such file"));
    expect(await partCheck(part, (it) => it).look()).toEqual({
      state: "not ok",
      says: "read it: there is no such file",
      code: "FILE_MISSING",
      todo: "Check its path and its mount.",
    });
  });

  it("says what to do without a code", async () => {
    expect(await partCheck(failing(new Fault("too much", "Take some away.")), (it) => it).look()).toEqual({
      state: "not ok",
      says: "too much",
      todo: "Take some away.",
    });
  });

  it("calls anything else a bug", async () => {
    expect(await partCheck(failing(new TypeError("x is undefined")), (it) => it).look()).toMatchObject({
      state: "not ok",
      says: "TypeError: x is undefined",
      todo: expect.stringContaining("bug"),
    });
  });

  it("is not looked at if something that it depends on is not ok, however far away", async () => {
    const first = failing(new DvtError("FILE_MISSING", "read it"));
    const second = createPart("login", async () => `${await first.need()} logged in`);
    const third = toCheck("stream", async () => `${await second.need()} found`);
    const notLookedAt = {state: "not looked at", says: "file is not ok"};
    expect(await partCheck(second, (it) => it).look()).toEqual(notLookedAt);
    expect(await third.look()).toEqual(notLookedAt);
  });

  it("opens what several depend on once", async () => {
    let opened = 0;
    const part = createPart("file", async () => ++opened);
    const checks = [partCheck(part, String), toCheck("other", async () => String(await part.need()))];
    expect((await lookAt(checks, () => {})).map(({says}) => says)).toEqual(["1", "1"]);
  });

  it("is not ok if something was warned about, or has a note", async () => {
    const warned = () =>
      createPart("passwords", async (logger) => {
        logger.info("3 files");
        logger.warn({hosts: ["a", "b"], error: "mode 0644"}, "others can read them");
        return "read";
      });
    const says = "others can read them: a, b: mode 0644";
    expect(await partCheck(warned(), (it) => it).look()).toMatchObject({state: "not ok", says});
    expect(await partCheck(warned(), (it) => it, {asNotes: true}).look()).toEqual({state: "ok", says: `read; but ${says}`});
  });
});

describe("looking at everything", () => {
  it("goes on after what failed, and shows the lines in their order", async () => {
    const slow = toCheck("slow", () => new Promise((resolve) => setImmediate(() => resolve("there"))));
    const shown: string[] = [];
    const lines = await lookAt([slow, toCheck("bad", () => Promise.reject(new Fault("no", "Do."))), ok("last")], ({what}) => {
      shown.push(what);
    });
    expect(shown).toEqual(["slow", "bad", "last"]);
    expect(lines.map(({state}) => state)).toEqual(["ok", "not ok", "ok"]);
  });

  it("waits for no answer forever", async () => {
    const [line] = await lookAt([toCheck("silent", () => new Promise(() => {}))], () => {}, 5);
    expect(line).toMatchObject({state: "not ok", says: "no answer within 0 s"});
  });
});
