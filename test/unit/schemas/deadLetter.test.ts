import {deadLetter} from "../../../schemas/deadLetter.js";
import type {Message} from "../../../schemas/defineMessage.js";
import {describeMessage, invalidOf, publicKey} from "../../support/examples/messages.js";

const aDeadLetter = (change: object = {}): object => ({
  stream: "EXIT_SHARES",
  subject: "dvt.v2.exit_shares.hoodi.alpha.3",
  participant: "aggregator",
  code: "SHARE_SIGNATURE_INVALID",
  reason: "take a share: share 3 of alpha does not sign this exit",
  deliveries: 1,
  payload_sha256: `0x${"ef".repeat(32)}`,
  ...change,
});

describeMessage(deadLetter as Message, {
  valid: [
    {id: "an exit", payload: aDeadLetter({exit: `hoodi:${publicKey}:42`})},
    {id: "no exit, where none could be read", payload: aDeadLetter()},
    {id: "a sidecar's name", payload: aDeadLetter({participant: "sidecar-alpha-123"})},
  ],
  invalid: [
    ...invalidOf(aDeadLetter()),
    {id: "a payload", payload: aDeadLetter({payload: "0x00"})},
    {id: "a participant with a dot", payload: aDeadLetter({participant: "sidecar.alpha"})},
    {id: "a participant with a wildcard", payload: aDeadLetter({participant: ">"})},
    {id: "a stream of two tokens", payload: aDeadLetter({stream: "EXIT.SHARES"})},
    {id: "a subject that clears the screen", payload: aDeadLetter({subject: "dvt.v2.\u001b[2J"})},
    {id: "a reason of two lines", payload: aDeadLetter({reason: "no\nyes"})},
    {id: "no deliveries at all", payload: aDeadLetter({deliveries: 0})},
    {id: "a hash cut short", payload: aDeadLetter({payload_sha256: "0xef"})},
    {id: "a reason of 1,025 characters", payload: aDeadLetter({reason: "r".repeat(1025)})},
  ],
});
