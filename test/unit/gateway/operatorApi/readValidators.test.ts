import {expect, it} from "vitest";
import {whyRejected} from "../../../../src/gateway/operatorApi/readValidators.js";
import type {ExitProgress, Refusals} from "../../../../src/gateway/progress/readProgress.js";
import {createTestCluster} from "../../../support/stage.js";

const {cluster, dealt} = createTestCluster("c1", {validators: 1});
const refusedBy = (...shareIndexes: number[]): Refusals => new Map(shareIndexes.map((it) => [it, "VAULT_NOT_ALLOWED"]));
const signature = `0x${"ab".repeat(96)}`;
const someProgress = ({state = "open", ...change}: {state?: string} & Partial<ExitProgress> = {}): ExitProgress =>
  ({cluster, validator: dealt[0]?.validator, head: {state}, refusals: new Map(), ...change}) as unknown as ExitProgress;
const aDeposit = (change: object = {}): {deposit: ExitProgress["deposit"]} => ({
  deposit: {refusals: new Map(), isExpired: false, signature: undefined, ...change} as unknown as ExitProgress["deposit"],
});
const result = {} as ExitProgress["result"];

// Three of four sidecars have to sign.
it.each([
  {id: "one refusal", progress: someProgress({refusals: refusedBy(1)}), code: undefined},
  {id: "two refusals", progress: someProgress({refusals: refusedBy(1, 3)}), code: "EXIT_REFUSED"},
  {id: "two refusals of what is complete", progress: someProgress({refusals: refusedBy(1, 3), result}), code: undefined},
  {id: "a lifetime that is over", progress: someProgress({state: "expired"}), code: "EXIT_EXPIRED"},
  {id: "one refusal of the deposit", progress: someProgress(aDeposit({refusals: refusedBy(2)})), code: undefined},
  {id: "two of them", progress: someProgress({...aDeposit({refusals: refusedBy(2, 4)}), result}), code: "DEPOSIT_REFUSED"},
  {id: "a deposit whose lifetime is over", progress: someProgress(aDeposit({isExpired: true})), code: "DEPOSIT_EXPIRED"},
  {id: "a signed deposit", progress: someProgress(aDeposit({refusals: refusedBy(2, 4), signature})), code: undefined},
])("gives $code for $id", ({progress, code}) => {
  expect(whyRejected(progress)?.code).toBe(code);
});
