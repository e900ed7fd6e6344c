import {describe, expect, it} from "vitest";
import {createAwaitedExits} from "../../../src/client/awaitedExits.js";
import {networks} from "../../../src/consensus/networks.js";
import type {ExitId} from "../../../src/exits/exitId.js";
import {aDeposit} from "../../support/examples/messages.js";

const exits = [1, 2, 3].map(
  (validatorIndex): ExitId => ({network: networks.hoodi, publicKey: `0x${"ab".repeat(48)}`, validatorIndex}),
);
const [first, second, third] = exits as [ExitId, ExitId, ExitId];
const completed = (exit: ExitId) => ({
  exit,
  oraclesConfigHash: "0x00",
  result: {public_keys: [], encrypted_exit_signatures: []},
});
const rejected = (exit: ExitId) => ({exit, code: "EXIT_EXPIRED", reason: ""});
const far = Number.MAX_SAFE_INTEGER;
const long = 600_000;

describe("createAwaitedExits", () => {
  it("returns the outcome in the order of the request, whatever order answers arrive in", () => {
    const awaited = createAwaitedExits(exits);
    awaited.complete(completed(third));
    awaited.reject(rejected(second));
    awaited.complete(completed(first));
    expect(awaited.outcome()).toEqual({
      completed: [completed(first), completed(third)],
      rejected: [rejected(second)],
      missing: [],
    });
  });

  it("knows what is open", () => {
    const awaited = createAwaitedExits(exits);
    awaited.reject(rejected(second));
    expect(exits.map(awaited.isOpen)).toEqual([true, false, true]);
    expect(awaited.unanswered()).toEqual([first, third]);
    expect(awaited.outcome().missing).toEqual([first, third]);
  });

  it("reopens what was answered for another oracle set", () => {
    const awaited = createAwaitedExits(exits);
    const other = {...completed(second), oraclesConfigHash: "0x01"};
    for (const answer of [completed(first), other, completed(third)]) awaited.complete(answer);
    expect(awaited.reopenForSet("0x00")).toBe(1);
    expect(awaited.unanswered()).toEqual([second]);
    awaited.complete(completed(second));
    expect(awaited.reopenForSet("0x00")).toBe(0);
    expect(awaited.outcome().completed).toEqual([first, second, third].map(completed));
  });

  it("reports its progress from the start", () => {
    const reported: string[] = [];
    const awaited = createAwaitedExits(exits, ({answered, rejected, total, exit}) =>
      reported.push(`${answered}/${total} ${exit?.validatorIndex ?? "-"} rejected: ${rejected}`),
    );
    awaited.complete(completed(third));
    awaited.reject(rejected(first));
    expect(reported).toEqual(["0/3 - rejected: 0", "1/3 3 rejected: 0", "2/3 1 rejected: 1"]);
  });
});

describe("an exit with a deposit", () => {
  const deposit = aDeposit();
  const signature = `0x${"cd".repeat(96)}`;
  const withDeposit = {...first, deposit};
  const whole = {...completed(first), deposit: {...deposit, signature}};

  it.each([
    {id: "the exit first", answers: ["exit", "deposit"]},
    {id: "the deposit first", answers: ["deposit", "exit"]},
    {id: "each of them twice", answers: ["deposit", "deposit", "exit", "exit"]},
  ])("is completed by both, once: $id", ({answers}) => {
    const reported: string[] = [];
    const awaited = createAwaitedExits([withDeposit, second], ({answered, completed}) =>
      reported.push(`${answered} ${completed ?? "-"}`),
    );
    for (const answer of answers) {
      if (answer === "exit") awaited.complete(completed(first));
      else awaited.completeDeposit(first, signature);
    }
    expect(awaited.outcome()).toEqual({completed: [whole], rejected: [], missing: [second]});
    expect(reported).toEqual(["0 -", "1 true"]);
  });

  it("is requested again with its deposit until both are there", () => {
    const awaited = createAwaitedExits([withDeposit]);
    awaited.complete(completed(first));
    expect(awaited.unanswered()).toEqual([withDeposit]);
    expect([awaited.isOpen(first), awaited.isResultOpen(first)]).toEqual([true, false]);
    expect(awaited.findByDeposit(withDeposit)).toEqual(withDeposit);
    awaited.completeDeposit(first, signature);
    expect([awaited.isOpen(first), awaited.findByDeposit(withDeposit)]).toEqual([false, undefined]);
  });

  it("is rejected if either is, even after the other was completed", () => {
    const awaited = createAwaitedExits([withDeposit]);
    awaited.complete(completed(first));
    awaited.reject({exit: withDeposit, code: "DEPOSIT_REFUSED", reason: ""});
    awaited.completeDeposit(first, signature);
    expect(awaited.outcome()).toMatchObject({completed: [], rejected: [{code: "DEPOSIT_REFUSED"}], missing: []});
  });

  it("does not wait for another deposit", () => {
    const awaited = createAwaitedExits([withDeposit, second]);
    expect(awaited.findByDeposit({...first, deposit: aDeposit({amount: 64_000_000_000})})).toBeUndefined();
    expect(awaited.findByDeposit({...second, deposit: aDeposit({vault: `0x${"11".repeat(20)}`})})).toBeUndefined();
  });
});

describe("waitForAnswers", () => {
  const {signal} = new AbortController();

  it("returns once the last answer arrives", async () => {
    const awaited = createAwaitedExits(exits);
    const waiting = awaited.waitForAnswers({quietMs: long, gatherMs: 1, untilMs: far, signal});
    for (const exit of exits) awaited.complete(completed(exit));
    expect(await waiting).toBe("all");
  });

  it("returns at once if everything is answered, even after the time is over", async () => {
    expect(
      await createAwaitedExits([]).waitForAnswers({quietMs: long, gatherMs: 1, untilMs: 0, signal: AbortSignal.abort()}),
    ).toBe("all");
  });

  it("is over once the time is over", async () => {
    expect(
      await createAwaitedExits(exits).waitForAnswers({quietMs: long, gatherMs: 1, untilMs: performance.now() - 1, signal}),
    ).toBe("over");
  });

  it("is over if the signal has aborted, or aborts", async () => {
    const awaited = createAwaitedExits(exits);
    expect(await awaited.waitForAnswers({quietMs: long, gatherMs: 1, untilMs: far, signal: AbortSignal.abort()})).toBe("over");
    const controller = new AbortController();
    const waiting = awaited.waitForAnswers({quietMs: long, gatherMs: 1, untilMs: far, signal: controller.signal});
    controller.abort();
    expect(await waiting).toBe("over");
  });

  it("is quiet if no answer arrives for that long", async () => {
    expect(await createAwaitedExits(exits).waitForAnswers({quietMs: 1, gatherMs: 1, untilMs: far, signal})).toBe("quiet");
  });

  it("continues to wait after an answer that was not the last", async () => {
    const awaited = createAwaitedExits(exits);
    const waiting = awaited.waitForAnswers({quietMs: long, gatherMs: 1, untilMs: far, signal});
    awaited.complete(completed(first));
    await Promise.resolve();
    awaited.complete(completed(second));
    await new Promise(setImmediate);
    awaited.reject(rejected(third));
    expect(await waiting).toBe("all");
  });

  it("returns a moment after the first order has expired, for all that have by then", async () => {
    const awaited = createAwaitedExits(exits);
    const waiting = awaited.waitForAnswers({quietMs: long, gatherMs: 1, untilMs: far, signal});
    for (const exit of [first, second, third]) awaited.expireOrder(exit);
    awaited.complete(completed(second));
    expect(await waiting).toBe("expired");
    expect([awaited.takeExpired(), awaited.takeExpired()]).toEqual([[first, third], []]);
    expect(awaited.unanswered()).toEqual([first, third]);
  });

  it("is over if the time is over while orders that have expired are gathered", async () => {
    const awaited = createAwaitedExits(exits);
    awaited.expireOrder(first);
    expect(await awaited.waitForAnswers({quietMs: long, gatherMs: long, untilMs: performance.now() + 1, signal})).toBe("over");
  });
});
