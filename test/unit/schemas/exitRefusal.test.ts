import type {Message} from "../../../schemas/defineMessage.js";
import {type ExitRefusal, exitRefusal} from "../../../schemas/exitRefusal.js";
import {anExitRefusal, aRefusedExit, describeMessage, invalidOf} from "../../support/examples/messages.js";

const refusing = (change: Partial<ExitRefusal["refusals"][number]>): object => anExitRefusal({refusals: [aRefusedExit(change)]});

describeMessage(exitRefusal as Message, {
  valid: [
    {id: "a refusal", payload: anExitRefusal()},
    {id: "64 refusals", payload: anExitRefusal({refusals: Array(64).fill(aRefusedExit())})},
    {id: "an SSV operator's id", payload: anExitRefusal({share_index: 1042})},
    {id: "the longest code", payload: refusing({code: "C".repeat(64)})},
    {id: "the longest reason", payload: refusing({reason: "~".repeat(256)})},
  ],
  invalid: [
    ...invalidOf(anExitRefusal()),
    {id: "a code in lower case", payload: refusing({code: "validator_active"})},
    {id: "a code of 65 characters", payload: refusing({code: "C".repeat(65)})},
    {id: "an empty reason", payload: refusing({reason: ""})},
    {id: "a reason of 257 characters", payload: refusing({reason: "~".repeat(257)})},
    {id: "a reason of two lines", payload: refusing({reason: "no\nlevel=info msg=signed"})},
    {id: "a reason that moves the cursor", payload: refusing({reason: "no\u001b[2J"})},
    {id: "a reason with a lone surrogate", payload: refusing({reason: "no\ud800"})},
    {id: "a reason for all of them", payload: {...anExitRefusal(), reason: "no"}},
    {id: "encrypted signatures", payload: {...anExitRefusal(), encrypted_signatures: `0x${"cd".repeat(193)}`}},
  ],
});
