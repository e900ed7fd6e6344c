import type {Message} from "../../../schemas/defineMessage.js";
import {exitRefusal} from "../../../schemas/exitRefusal.js";
import {anExitRefusal, describeMessage, invalidOf} from "../../support/examples/messages.js";

describeMessage(exitRefusal as Message, {
  valid: [
    {id: "a refusal", payload: anExitRefusal()},
    {id: "an SSV operator's id", payload: anExitRefusal({share_index: 1042})},
    {id: "the longest code", payload: anExitRefusal({code: "C".repeat(64)})},
    {id: "the longest reason", payload: anExitRefusal({reason: "~".repeat(256)})},
  ],
  invalid: [
    ...invalidOf(anExitRefusal()),
    {id: "a code in lower case", payload: anExitRefusal({code: "validator_active"})},
    {id: "a code of 65 characters", payload: anExitRefusal({code: "C".repeat(65)})},
    {id: "no word of reason", payload: anExitRefusal({reason: ""})},
    {id: "a reason of 257 characters", payload: anExitRefusal({reason: "~".repeat(257)})},
    {id: "a reason of two lines", payload: anExitRefusal({reason: "no\nlevel=info msg=signed"})},
    {id: "a reason that moves the cursor", payload: anExitRefusal({reason: "no\u001b[2J"})},
    {id: "a reason with a lone surrogate", payload: anExitRefusal({reason: "no\ud800"})},
    {id: "an encrypted signature", payload: {...anExitRefusal(), encrypted_signature: `0x${"cd".repeat(193)}`}},
  ],
});
