import {PassThrough} from "node:stream";
import {beforeEach, expect, it, onTestFinished, vi} from "vitest";
import {createConfirm, createConfirmTopUps} from "../../../../../src/cli/operator/register/createConfirm.js";
import type {ReadyValidator} from "../../../../../src/registration/readyExits.js";
import {fakeTerminal} from "../../../../support/fakeTerminal.js";

const vault = `0x${"aa".repeat(20)}`;
const ready = (publicKey: string, eth: number): ReadyValidator => ({
  publicKey,
  deposit: {vault, validator_type: "0x02", amount: eth * 1_000_000_000},
  validatorIndex: 1,
  depositSignature: "0x",
  shards: {public_keys: [], encrypted_exit_signatures: []},
});
const confirming = (yes = false) => createConfirm({yes, vault, unit: "ETH", payer: () => "0xpayer"});
let written: () => string;

/** The one answer that comes; without one, asking never ends. */
function answerWith(text: string): void {
  const input = Object.assign(new PassThrough(), {isTTY: true});
  const stdin = vi.spyOn(process, "stdin", "get").mockReturnValue(input as never);
  onTestFinished(() => stdin.mockRestore());
  input.end(text);
}
const questions = (): number => written().split("Register them?").length - 1;

beforeEach(() => {
  written = fakeTerminal("stderr");
});

it("shows keys, stake and who pays, and takes a yes", async () => {
  answerWith("y\n");
  expect(await confirming()([ready("0xa1", 32), ready("0xa2", 64.5)])).toBe(true);
  expect(written()).toContain(`Vault ${vault} is about to stake 96.5 ETH; wallet 0xpayer pays for the gas:`);
  expect(written()).toContain("  0xa2 64.5 ETH\n");
});

it.each(["", "n\n", "\n", "yesterday\n"])("takes %j for a no", async (answer) => {
  answerWith(answer);
  expect(await confirming()([ready("0xa1", 32)])).toBe(false);
});

it("asks nothing with --yes", async () => {
  expect(await confirming(true)([ready("0xa1", 32)])).toBe(true);
  expect(written()).toBe("");
});

it("asks again for other keys or more stake, and for nothing else", async () => {
  const confirm = confirming();
  answerWith("yes\n");
  expect(await confirm([ready("0xa1", 40), ready("0xa2", 32)])).toBe(true);
  expect(await confirm([ready("0xa2", 32), ready("0xa1", 39)])).toBe(true);
  expect(questions()).toBe(1);
  answerWith("n\n");
  expect(await confirm([ready("0xa1", 41)])).toBe(false);
  answerWith("n\n");
  expect(await confirm([ready("0xa3", 32)])).toBe(false);
  expect(questions()).toBe(3);
});

it("asks before each top-up, with keys, stake and who pays", async () => {
  const asking = {vault, unit: "ETH", payer: () => "0xpayer"};
  answerWith("y\n");
  expect(await createConfirmTopUps({...asking, yes: false})([{publicKey: "0xa1", amount: 10e9}])).toBe(true);
  expect(written()).toContain(`Vault ${vault} is about to top up with 10 ETH; wallet 0xpayer pays for the gas:\n  0xa1 10 ETH\n`);
  expect(await createConfirmTopUps({...asking, yes: true})([{publicKey: "0xa1", amount: 10e9}])).toBe(true);
  expect(written().split("Top them up?")).toHaveLength(2);
});
