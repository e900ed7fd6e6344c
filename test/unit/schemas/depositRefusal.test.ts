import type {Message} from "../../../schemas/defineMessage.js";
import {depositRefusal} from "../../../schemas/depositRefusal.js";
import {aDeposit, aDepositRefusal, describeMessage, invalidOf} from "../../support/examples/messages.js";

describeMessage(depositRefusal as Message, {
  valid: [
    {id: "a refusal", payload: aDepositRefusal()},
    {id: "the longest code and reason", payload: aDepositRefusal({code: "C".repeat(64), reason: "~".repeat(256)})},
  ],
  invalid: [
    ...invalidOf(aDepositRefusal()),
    {id: "a deposit with an unknown field", payload: aDepositRefusal({deposit: {...aDeposit(), owner: "me"} as never})},
    {id: "a deposit without a vault", payload: aDepositRefusal({deposit: {...aDeposit(), vault: undefined} as never})},
    {id: "no deposit but null", payload: aDepositRefusal({deposit: null as never})},
    {id: "a code in lower case", payload: aDepositRefusal({code: "vault_not_allowed"})},
    {id: "a reason of 257 characters", payload: aDepositRefusal({reason: "~".repeat(257)})},
    {id: "a reason of two lines", payload: aDepositRefusal({reason: "no\nlevel=info msg=signed"})},
    {id: "a signature", payload: {...aDepositRefusal(), signature: `0x${"cd".repeat(96)}`}},
  ],
});
