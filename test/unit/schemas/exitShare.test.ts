import type {Message} from "../../../schemas/defineMessage.js";
import {exitShare} from "../../../schemas/exitShare.js";
import {anExitShare, describeMessage, invalidOf, publicKey} from "../../support/examples/messages.js";

const exits = (count: number) => Array.from({length: count}, (_, index) => ({public_key: publicKey, validator_index: index}));
const ciphertextOf = (count: number): string => `0x${"cd".repeat(97 + 96 * count)}`;

describeMessage(exitShare as Message, {
  valid: [
    {id: "a share", payload: anExitShare()},
    {id: "64 shares", payload: anExitShare({exits: exits(64), encrypted_signatures: ciphertextOf(64)})},
    {id: "an SSV operator's id", payload: anExitShare({share_index: 1042})},
    {id: "the highest share index", payload: anExitShare({share_index: 2 ** 53 - 1})},
  ],
  invalid: [
    ...invalidOf(anExitShare()),
    {id: "an unencrypted signature", payload: {...anExitShare(), signature: `0x${"00".repeat(96)}`}},
    {
      id: "a ciphertext of each exit",
      payload: anExitShare({exits: [{...exits(1)[0], encrypted_signature: ciphertextOf(1)}] as never}),
    },
  ],
});
