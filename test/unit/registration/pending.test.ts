import {expect, it} from "vitest";
import {registration} from "../../../schemas/registration.js";
import {withHash} from "../../../src/execution/sendTransaction.js";
import {encode} from "../../../src/messaging/encode.js";
import {fromWire, type Pending, toWire, withOperation, withRegistration} from "../../../src/registration/pending.js";
import {aPending as aBoth} from "../../support/aClaim.js";
import {aRegistration} from "../../support/examples/messages.js";

it("fits into a message, however often a transaction paid more, with its last hash", () => {
  const hashOf = (tries: number) => `0x${tries.toString(16).padStart(64, "0")}`;
  const {registration: one, operation: other} = aBoth();
  let pending: Pending = {registration: one};
  for (let tries = 1; tries <= 20; tries++) {
    pending = withRegistration(pending, {...one, hashes: withHash(pending.registration?.hashes ?? [], hashOf(tries))});
    pending = withOperation(pending, {...other, nonce: tries, hashes: [hashOf(100 + tries)]});
  }
  expect(() => encode(registration, aRegistration(toWire(pending)))).not.toThrow();
  expect(pending.registration?.hashes.at(-1)).toBe(hashOf(20));
  expect(pending.operation?.hashes.at(-1)).toBe(hashOf(120));
});

it("goes into a message and comes back from it", () => {
  const both = aBoth();
  for (const pending of [{}, both, {registration: both.registration}, {operation: both.operation}]) {
    expect(fromWire(toWire(pending))).toEqual(pending);
  }
});

const hash = (name: string) => `0x${name.repeat(32)}`;
const {registration: ofRegistration, operation: ofOperation} = aBoth();
const aRegistrationWith = (hashes: string[], nonce = 7) => ({...ofRegistration, nonce, hashes});
const anOperation = (hashes: string[], nonce = 7) => ({...ofOperation, nonce, hashes});

it("has with an operation whatever the chain may take instead of it", () => {
  const before = {registration: aRegistrationWith([hash("a1")]), operation: anOperation([hash("b1")])};
  expect(withOperation(before, anOperation([hash("b2")]))).toEqual({
    ...before,
    operation: anOperation([hash("a1"), hash("b1"), hash("b2")]),
  });
  expect(withOperation(before, anOperation([hash("b2")], 8)).operation?.hashes).toEqual([hash("b1"), hash("b2")]);
});

it("has with an operation the registration that takes its nonce, and no other", () => {
  const before = {operation: anOperation([hash("b1")])};
  expect(withRegistration(before, aRegistrationWith([hash("a1")])).operation?.hashes).toEqual([hash("b1"), hash("a1")]);
  expect(withRegistration(before, aRegistrationWith([hash("a1")], 8)).operation).toEqual(before.operation);
});
