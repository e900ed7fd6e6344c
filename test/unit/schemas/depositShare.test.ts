import type {Message} from "../../../schemas/defineMessage.js";
import {type DepositShare, depositShare} from "../../../schemas/depositShare.js";
import {aDeposit, aDepositShare, aSignature, describeMessage, invalidOf} from "../../support/examples/messages.js";

const [share] = aDepositShare().deposits as [DepositShare["deposits"][number]];
const sharing = (change: object): object => aDepositShare({deposits: [{...share, ...change}]});

describeMessage(depositShare as Message, {
  valid: [
    {id: "a share", payload: aDepositShare()},
    {id: "64 shares", payload: aDepositShare({deposits: Array(64).fill(share)})},
    {id: "an SSV operator's id", payload: aDepositShare({share_index: 1042})},
    {
      id: "compounding credentials and 2048 ETH",
      payload: sharing({deposit: aDeposit({validator_type: "0x02", amount: 2048e9})}),
    },
    {id: "less than any sidecar signs", payload: sharing({deposit: aDeposit({amount: 0})})},
  ],
  invalid: [
    ...invalidOf(aDepositShare()),
    {id: "a signature in base64", payload: sharing({signature: aSignature})},
    {id: "an index of the exit", payload: sharing({validator_index: 1})},
  ],
});
