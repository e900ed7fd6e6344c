import type {Message} from "../../../schemas/defineMessage.js";
import {exitShare} from "../../../schemas/exitShare.js";
import {anExitShare, describeMessage, invalidOf} from "../../support/examples/messages.js";

describeMessage(exitShare as Message, {
  valid: [
    {id: "a share", payload: anExitShare()},
    {id: "an SSV operator's id", payload: anExitShare({share_index: 1042})},
    {id: "the highest share index", payload: anExitShare({share_index: 2 ** 53 - 1})},
    {id: "the shortest ciphertext", payload: anExitShare({encrypted_signature: `0x${"cd".repeat(98)}`})},
    {id: "the longest ciphertext", payload: anExitShare({encrypted_signature: `0x${"cd".repeat(609)}`})},
  ],
  invalid: [
    ...invalidOf(anExitShare()),
    {id: "a signature in plain", payload: {...anExitShare(), signature: `0x${"00".repeat(96)}`}},
  ],
});
