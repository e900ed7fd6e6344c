import fc from "fast-check";
import {describe, expect, it} from "vitest";
import type {Message} from "../../../schemas/defineMessage.js";
import {depositCompletion} from "../../../schemas/depositCompletion.js";
import {depositRefusal} from "../../../schemas/depositRefusal.js";
import {depositShare} from "../../../schemas/depositShare.js";
import {exitBatch} from "../../../schemas/exitBatch.js";
import {exitCompletion} from "../../../schemas/exitCompletion.js";
import {exitRefusal} from "../../../schemas/exitRefusal.js";
import {exitRequest} from "../../../schemas/exitRequest.js";
import {exitShare} from "../../../schemas/exitShare.js";
import {exitIn} from "../../../src/messaging/deadLetter.js";
import {decode} from "../../../src/messaging/decode.js";
import {
  aCompletion,
  aDeposit,
  aDepositCompletion,
  aDepositRefusal,
  aDepositShare,
  anExitBatch,
  anExitRefusal,
  anExitRequest,
  anExitShare,
  aRejection,
} from "../../support/examples/messages.js";
import {hostileBytes, readsOrRefuses, runs} from "./hostile.js";

const cases: {id: string; message: Message; valid: object}[] = [
  {id: "exit_batch", message: exitBatch as Message, valid: anExitBatch()},
  {id: "exit_request", message: exitRequest as Message, valid: anExitRequest()},
  {id: "exit_share", message: exitShare as Message, valid: anExitShare()},
  {id: "exit_refusal", message: exitRefusal as Message, valid: anExitRefusal()},
  {id: "an exit_request with a deposit", message: exitRequest as Message, valid: anExitRequest({deposit: aDeposit()})},
  {id: "deposit_share", message: depositShare as Message, valid: aDepositShare()},
  {id: "deposit_refusal", message: depositRefusal as Message, valid: aDepositRefusal()},
  {id: "a completed deposit_completion", message: depositCompletion as Message, valid: aDepositCompletion()},
  {id: "a completed exit_completion", message: exitCompletion as Message, valid: aCompletion()},
  {id: "a rejected exit_completion", message: exitCompletion as Message, valid: aRejection()},
];

describe.each(cases)("bytes in the place of $id", ({message, valid}) => {
  const subject = message.subject(valid as never);

  it("are read, or refused with a code", async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(hostileBytes(valid), async (data) => {
        const code = await readsOrRefuses(() => {
          const payload = decode(message, subject, data) as object;
          // What was read is what may be said there, and nothing more.
          expect(message.subject(payload as never)).toBe(subject);
          expect(Object.getPrototypeOf(payload)).toBe(Object.prototype);
        });
        seen.add(code);
      }),
      runs(150),
    );
    // What is nearly right is near enough to be read.
    for (const code of ["READ", "MESSAGE_MALFORMED"]) expect([...seen]).toContain(code);
  });

  it("name an exit in a dead letter, or none", () => {
    fc.assert(
      fc.property(hostileBytes(valid), (data) => {
        expect(exitIn(data) ?? "hoodi:0x00:1").toMatch(/^(mainnet|hoodi|gnosis):0x[0-9a-f]+:[0-9]+$/);
      }),
      runs(80),
    );
  });
});
