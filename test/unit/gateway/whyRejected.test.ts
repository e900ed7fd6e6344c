import {expect, it} from "vitest";
import type {Refusals, Standing} from "../../../src/gateway/lookUp.js";
import {whyRejected} from "../../../src/gateway/whyRejected.js";
import {createTestCluster} from "../../support/stage.js";

const {cluster, dealt} = createTestCluster("c1", {validators: 1});
const refusedBy = (...shareIndexes: number[]): Refusals => new Map(shareIndexes.map((it) => [it, "VAULT_NOT_ALLOWED"]));
const signature = `0x${"ab".repeat(96)}`;
const aStanding = ({state = "open", ...change}: {state?: string} & Partial<Standing> = {}): Standing =>
  ({cluster, validator: dealt[0]?.validator, head: {state}, refusals: new Map(), ...change}) as unknown as Standing;
const aDeposit = (change: object = {}): {deposit: Standing["deposit"]} => ({
  deposit: {refusals: new Map(), isExpired: false, signature: undefined, ...change} as unknown as Standing["deposit"],
});
const result = {} as Standing["result"];

// Of four sidecars three have to sign.
it.each([
  {id: "one refusal", standing: aStanding({refusals: refusedBy(1)}), code: undefined},
  {id: "two refusals", standing: aStanding({refusals: refusedBy(1, 3)}), code: "EXIT_REFUSED"},
  {id: "two refusals of what is complete", standing: aStanding({refusals: refusedBy(1, 3), result}), code: undefined},
  {id: "a lifetime that is over", standing: aStanding({state: "expired"}), code: "EXIT_EXPIRED"},
  {id: "one refusal of the deposit", standing: aStanding(aDeposit({refusals: refusedBy(2)})), code: undefined},
  {id: "two of them", standing: aStanding({...aDeposit({refusals: refusedBy(2, 4)}), result}), code: "DEPOSIT_REFUSED"},
  {id: "a deposit whose lifetime is over", standing: aStanding(aDeposit({isExpired: true})), code: "DEPOSIT_EXPIRED"},
  {id: "a signed deposit", standing: aStanding(aDeposit({refusals: refusedBy(2, 4), signature})), code: undefined},
])("says of $id: $code", ({standing, code}) => {
  expect(whyRejected(standing)?.code).toBe(code);
});
