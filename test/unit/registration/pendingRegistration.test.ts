import {expect, it} from "vitest";
import {registration} from "../../../schemas/registration.js";
import {withHash} from "../../../src/execution/sendTransaction.js";
import {encode} from "../../../src/messaging/encode.js";
import {fromWire, toWire} from "../../../src/registration/pendingRegistration.js";
import {aPending, aRegistration} from "../../support/examples/messages.js";

it("fits into a message, however often a transaction paid more, with its last hash", () => {
  const hashOf = (tries: number) => `0x${tries.toString(16).padStart(64, "0")}`;
  let pending = fromWire(aPending());
  for (let tries = 1; tries <= 20; tries++) pending = {...pending, hashes: withHash(pending.hashes, hashOf(tries))};
  expect(() => encode(registration, aRegistration({pending: toWire(pending)}))).not.toThrow();
  expect(pending.hashes.at(-1)).toBe(hashOf(20));
});
