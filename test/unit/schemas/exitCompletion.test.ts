import type {Message} from "../../../schemas/defineMessage.js";
import {exitCompletion} from "../../../schemas/exitCompletion.js";
import {aCompletion, aRejection, describeMessage, invalidOf, publicKey} from "../../support/examples/messages.js";

const ciphertext = `0x${"cd".repeat(97 + 96)}`;
const withShares = (public_keys: unknown, encrypted_exit_signatures: unknown): object =>
  aCompletion({oracles_exit_signature_shares: {public_keys, encrypted_exit_signatures}});

describeMessage(exitCompletion as Message, {
  valid: [
    {id: "a completed exit", payload: aCompletion()},
    {id: "a rejected exit", payload: aRejection()},
    {id: "eleven oracles", payload: withShares(Array(11).fill(publicKey), Array(11).fill(ciphertext))},
  ],
  invalid: [
    ...invalidOf(aCompletion()),
    ...invalidOf(aRejection()).map(({id, ...row}) => ({id: `${id}, rejected`, ...row})),
    {id: "another status", payload: aCompletion({status: "pending"})},
    {id: "a completed exit with a code", payload: aCompletion({code: "EXIT_EXPIRED", reason: ""})},
    {id: "a rejected exit with shards", payload: {...aCompletion(), ...aRejection()}},
    {id: "no public key shards", payload: withShares([], [ciphertext])},
    {id: "no encrypted shards", payload: withShares([publicKey], [])},
    {id: "257 shards", payload: withShares(Array(257).fill(publicKey), Array(257).fill(ciphertext))},
    {id: "a public key shard of 47 bytes", payload: withShares([publicKey.slice(0, -2)], [ciphertext])},
    {id: "an encrypted shard that is not hex", payload: withShares([publicKey], ["signature"])},
    {
      id: "shards with an unknown field",
      payload: aCompletion({oracles_exit_signature_shares: {...aCompletion(), signature: "0x00"}}),
    },
    {id: "a config hash of 31 bytes", payload: aCompletion({oracles_config_hash: `0x${"ef".repeat(31)}`})},
    {id: "a code in lower case", payload: aRejection({code: "expired"})},
    {id: "a reason that clears the screen", payload: aRejection({reason: "no\u001b[2J"})},
    {id: "a reason of two lines", payload: aRejection({reason: "no\nvault-1 EXIT_EXPIRED"})},
    {id: "no word of reason", payload: aRejection({reason: ""})},
    {id: "a reason of 1,025 characters", payload: aRejection({reason: "r".repeat(1025)})},
  ],
});
