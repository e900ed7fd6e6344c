import {PassThrough} from "node:stream";
import {beforeEach, expect, it, onTestFinished, vi} from "vitest";
import {createConfirm} from "../../../../../src/cli/operator/rotate/createConfirm.js";
import type {PlannedRotation} from "../../../../../src/rotation/steps.js";
import {fakeTerminal} from "../../../../support/fakeTerminal.js";

const vault = `0x${"aa".repeat(20)}`;
const plan = (publicKeys: readonly string[], configHash = "0x01") =>
  ({
    config: {oracles: [{}, {}], oracleSet: {configHash}},
    validators: publicKeys.map((publicKey, validatorIndex) => ({publicKey, validatorIndex})),
  }) as unknown as PlannedRotation;
const confirming = (yes = false) => createConfirm({yes, vault, payer: () => "0xpayer"});
let written: () => string;

/** The one answer that comes; without one, asking never ends. */
function answerWith(text: string): void {
  const input = Object.assign(new PassThrough(), {isTTY: true});
  const stdin = vi.spyOn(process, "stdin", "get").mockReturnValue(input as never);
  onTestFinished(() => stdin.mockRestore());
  input.end(text);
}
const questions = (): number => written().split("Renew them for the 2 oracles in force?").length - 1;

beforeEach(() => {
  written = fakeTerminal("stderr");
});

it("asks nothing with --yes", async () => {
  expect(await confirming(true)(plan(["0xa1"]))).toBe(true);
  expect(written()).toBe("");
});

it("asks again for other validators or other oracles, and for nothing else, however often it is tried", async () => {
  const confirm = confirming();
  answerWith("y\n");
  expect(await confirm(plan(["0xa1", "0xa2"]))).toBe(true);
  expect(written()).toContain(`Exits of vault ${vault}; wallet 0xpayer pays for the gas:\n  0xa1 0\n  0xa2 1\n`);
  expect(await confirm(plan(["0xa1", "0xa2"]))).toBe(true);
  expect(await confirm(plan(["0xa2"]))).toBe(true);
  expect(questions()).toBe(1);
  answerWith("n\n");
  expect(await confirm(plan(["0xa3"]))).toBe(false);
  answerWith("n\n");
  expect(await confirm(plan(["0xa1"], "0x02"))).toBe(false);
  expect(questions()).toBe(3);
});
