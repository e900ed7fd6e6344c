import {expect, it} from "vitest";
import {DvtError, type ErrorCode} from "../../../src/errors.js";
import {createWaitFor} from "../../../src/runtime/waitFor.js";
import {aLogger} from "../../support/logger.js";

function waiting(patienceMs = 600_000) {
  const {logger, logged} = aLogger();
  const controller = new AbortController();
  return {waitFor: createWaitFor({patienceMs, signal: controller.signal, logger}), controller, logged};
}

/** Fails so often, then succeeds. */
function aStep(code: ErrorCode, failures: number) {
  let tries = 0;
  const step = async (): Promise<string> => {
    if (tries++ < failures) throw new DvtError(code, "open it");
    return "open";
  };
  return {step, tries: () => tries};
}

it.each<{code: ErrorCode}>([{code: "FILE_MISSING"}, {code: "SIGNER_KEYS_MISSING"}, {code: "STREAMS_MISSING"}])(
  "waits for what may heal, $code, and logs what it waits for and its return",
  async ({code}) => {
    const {waitFor, logged} = waiting();
    expect(await waitFor("the lock", aStep(code, 1).step)).toBe("open");
    expect(logged).toMatchObject([
      {level: 40, msg: "the lock is unavailable", error: `open it [${code}]`},
      {level: 30, msg: "the lock is available again"},
    ]);
  },
);

it("logs nothing for what is available", async () => {
  const {waitFor, logged} = waiting();
  expect(await waitFor("the lock", aStep("FILE_MISSING", 0).step)).toBe("open");
  expect(logged).toEqual([]);
});

it.each<{code: ErrorCode}>([{code: "CONFIG_INVALID"}, {code: "PARTICIPANTS_INVALID"}, {code: "FILE_UNREADABLE"}])(
  "reports at once what a person has to change: $code",
  async ({code}) => {
    const {waitFor, logged} = waiting();
    const {step, tries} = aStep(code, 2);
    await expect(waitFor("the lock", step)).rejects.toMatchObject({code});
    expect({tries: tries(), logged}).toEqual({tries: 1, logged: []});
  },
);

it("throws a bug as it is", async () => {
  const bug = new TypeError("undefined is not a function");
  await expect(waiting().waitFor("the lock", () => Promise.reject(bug))).rejects.toBe(bug);
});

it("gives up when its patience is over, with the last error", async () => {
  const {step, tries} = aStep("STORE_UNAVAILABLE", 100);
  await expect(waiting(200).waitFor("mongodb", step)).rejects.toMatchObject({code: "STORE_UNAVAILABLE"});
  expect(tries()).toBeGreaterThan(1);
});

it("ends at once when it is to stop, and begins no other step", async () => {
  const {waitFor, controller} = waiting();
  const {step, tries} = aStep("STORE_UNAVAILABLE", 100);
  const waited = waitFor("mongodb", step);
  controller.abort();
  await expect(waited).rejects.toMatchObject({name: "AbortError"});
  await expect(waitFor("mongodb", step)).rejects.toMatchObject({name: "AbortError"});
  expect(tries()).toBe(1);
});
