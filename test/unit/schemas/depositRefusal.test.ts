import type {Message} from "../../../schemas/defineMessage.js";
import {type DepositRefusal, depositRefusal} from "../../../schemas/depositRefusal.js";
import {aDepositRefusal, aRefusedDeposit, describeMessage, invalidOf} from "../../support/examples/messages.js";

const refusing = (change: Partial<DepositRefusal["refusals"][number]>): object =>
  aDepositRefusal({refusals: [aRefusedDeposit(change)]});

describeMessage(depositRefusal as Message, {
  valid: [
    {id: "a refusal", payload: aDepositRefusal()},
    {id: "64 refusals", payload: aDepositRefusal({refusals: Array(64).fill(aRefusedDeposit())})},
    {id: "the longest code and reason", payload: refusing({code: "C".repeat(64), reason: "~".repeat(256)})},
  ],
  invalid: [
    ...invalidOf(aDepositRefusal()),
    {id: "a code in lower case", payload: refusing({code: "vault_not_allowed"})},
    {id: "a reason of 257 characters", payload: refusing({reason: "~".repeat(257)})},
    {id: "a reason of two lines", payload: refusing({reason: "no\nlevel=info msg=signed"})},
    {id: "an index of the exit", payload: refusing({validator_index: 42} as never)},
    {id: "a signature", payload: {...aDepositRefusal(), signature: `0x${"cd".repeat(96)}`}},
  ],
});
