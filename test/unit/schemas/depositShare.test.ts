import type {Message} from "../../../schemas/defineMessage.js";
import {depositShare} from "../../../schemas/depositShare.js";
import {aDeposit, aDepositShare, describeMessage, invalidOf} from "../../support/examples/messages.js";

describeMessage(depositShare as Message, {
  valid: [
    {id: "a share", payload: aDepositShare()},
    {id: "an SSV operator's id", payload: aDepositShare({share_index: 1042})},
    {
      id: "compounding credentials and 2048 ETH",
      payload: aDepositShare({deposit: aDeposit({validator_type: "0x02", amount: 2048e9})}),
    },
    {id: "less than any sidecar signs", payload: aDepositShare({deposit: aDeposit({amount: 0})})},
  ],
  invalid: [
    ...invalidOf(aDepositShare()),
    {id: "a deposit with an unknown field", payload: aDepositShare({deposit: {...aDeposit(), owner: "me"} as never})},
    {id: "a deposit without a vault", payload: aDepositShare({deposit: {...aDeposit(), vault: undefined} as never})},
    {id: "no deposit but null", payload: aDepositShare({deposit: null as never})},
    {id: "an index of the exit", payload: {...aDepositShare(), validator_index: 1}},
  ],
});
