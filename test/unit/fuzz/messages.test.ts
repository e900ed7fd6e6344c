import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {answer} from "../../../schemas/answer.js";
import type {Message} from "../../../schemas/defineMessage.js";
import {depositCompletion} from "../../../schemas/depositCompletion.js";
import {depositRefusal} from "../../../schemas/depositRefusal.js";
import {depositShare} from "../../../schemas/depositShare.js";
import {enrolment} from "../../../schemas/enrolment.js";
import {exitBatch} from "../../../schemas/exitBatch.js";
import {exitCompletion} from "../../../schemas/exitCompletion.js";
import {exitRefusal} from "../../../schemas/exitRefusal.js";
import {exitRequest} from "../../../schemas/exitRequest.js";
import {exitShare} from "../../../schemas/exitShare.js";
import {participants} from "../../../schemas/participants.js";
import {presence} from "../../../schemas/presence.js";
import {query} from "../../../schemas/query.js";
import {registration} from "../../../schemas/registration.js";
import {exitIn} from "../../../src/messaging/deadLetter.js";
import {decode} from "../../../src/messaging/decode.js";
import {
  aCompletion,
  aDeposit,
  aDepositCompletion,
  aDepositRefusal,
  aDepositShare,
  aFullPresence,
  anAnswer,
  anEnrolment,
  anExitBatch,
  anExitRefusal,
  anExitRequest,
  anExitShare,
  anOrder,
  aQuery,
  aRegistration,
  aRejection,
  aSignature,
  publicKey,
} from "../../support/examples/messages.js";
import {publishedParticipants} from "../../support/examples/participants.js";
import {anExitStory, aStatus} from "../../support/examples/status.js";
import {hostileBytes, readsOrRefuses, runs} from "./hostile.js";

const exit = {public_key: publicKey, validator_index: 42};
const other = {public_key: `0x${"cd".repeat(48)}`, validator_index: 43};
const digest = `0x${"d1".repeat(32)}`;
const order = anOrder({entries: [digest, {...exit, rotation: true}, {...other, deposit: aDeposit()}, digest]});

const cases: {id: string; message: Message; valid: object}[] = [
  {id: "exit_batch", message: exitBatch as Message, valid: anExitBatch()},
  {
    id: "an exit_batch of two orders",
    message: exitBatch as Message,
    valid: anExitBatch({
      validators: [
        {...exit, rotation: true},
        {...other, deposit: aDeposit()},
      ],
      order_signatures: [aSignature, aSignature],
    }),
  },
  {id: "exit_request", message: exitRequest as Message, valid: anExitRequest()},
  {id: "an exit_request of several", message: exitRequest as Message, valid: anExitRequest({order})},
  {id: "exit_share", message: exitShare as Message, valid: anExitShare()},
  {id: "an exit_share of two", message: exitShare as Message, valid: anExitShare({exits: [exit, other]})},
  {id: "exit_refusal", message: exitRefusal as Message, valid: anExitRefusal()},
  {id: "deposit_share", message: depositShare as Message, valid: aDepositShare()},
  {id: "deposit_refusal", message: depositRefusal as Message, valid: aDepositRefusal()},
  {id: "a completed deposit_completion", message: depositCompletion as Message, valid: aDepositCompletion()},
  {id: "a completed exit_completion", message: exitCompletion as Message, valid: aCompletion()},
  {id: "presence", message: presence as Message, valid: aFullPresence()},
  {id: "participants", message: participants as Message, valid: publishedParticipants()},
  {id: "enrolment", message: enrolment as Message, valid: anEnrolment()},
  {id: "registration", message: registration as Message, valid: aRegistration()},
  {id: "a rejected exit_completion", message: exitCompletion as Message, valid: aRejection()},
  {
    id: "a query for a list",
    message: query as Message,
    valid: aQuery({kind: "exits", state: "open", public_key: "0xab", limit: 9}),
  },
  {id: "a query for exits", message: query as Message, valid: aQuery({kind: "named_exits", exits: [exit, other]})},
  {id: "an answer with a status", message: answer as Message, valid: anAnswer({kind: "status", status: aStatus()})},
  {id: "an answer with an exit", message: answer as Message, valid: anAnswer({kind: "exit", exit: anExitStory()})},
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
