import type {Message} from "../../../schemas/defineMessage.js";
import {depositCompletion} from "../../../schemas/depositCompletion.js";
import {
  aDeposit,
  aDepositCompletion,
  aDepositRejection,
  aSignature,
  describeMessage,
  invalidOf,
} from "../../support/examples/messages.js";

describeMessage(depositCompletion as Message, {
  valid: [
    {id: "a signature", payload: aDepositCompletion()},
    {id: "a rejection", payload: aDepositRejection()},
    {id: "the longest reason", payload: aDepositRejection({reason: "~".repeat(1024)})},
    {id: "the highest amount", payload: aDepositCompletion({deposit: aDeposit({amount: 2 ** 53 - 1})})},
  ],
  invalid: [
    {id: "a reason that is not ASCII", payload: aDepositRejection({reason: "€"})},
    ...invalidOf(aDepositCompletion()),
    ...invalidOf(aDepositRejection()).map(({id, ...it}) => ({...it, id: `${id}, rejected`})),
    {id: "a signature in base64", payload: aDepositCompletion({signature: aSignature})},
    {id: "a rejection with a signature", payload: aDepositRejection({signature: `0x${"cd".repeat(96)}`})},
    {id: "a signature that is called rejected", payload: aDepositCompletion({status: "rejected"})},
    {id: "a status of its own", payload: aDepositCompletion({status: "pending"})},
  ],
});
