import type {Message} from "../../../schemas/defineMessage.js";
import {exitRequest} from "../../../schemas/exitRequest.js";
import {aDeposit, anExitRequest, describeMessage, invalidOf} from "../../support/examples/messages.js";

const withDeposit = anExitRequest({deposit: aDeposit()});

describeMessage(exitRequest as Message, {
  valid: [
    {id: "a request", payload: anExitRequest()},
    {id: "a deposit", payload: withDeposit},
    {id: "mainnet's epoch", payload: anExitRequest({network: "mainnet", voluntary_exit: {epoch: 194_048, validator_index: 0}})},
  ],
  invalid: [
    ...invalidOf(anExitRequest()),
    ...invalidOf(withDeposit)
      .filter(({id}) => id !== "no deposit")
      .map(({id, ...it}) => ({...it, id: `${id}, with a deposit`})),
    {id: "a deposit without an amount", payload: anExitRequest({deposit: {...aDeposit(), amount: undefined} as never})},
    {id: "a deposit of null", payload: anExitRequest({deposit: null as never})},
    {id: "an exit without an epoch", payload: anExitRequest({voluntary_exit: {validator_index: 1} as never})},
    {id: "an exit without an index", payload: anExitRequest({voluntary_exit: {epoch: 0} as never})},
    {
      id: "an exit with an unknown field",
      payload: anExitRequest({voluntary_exit: {epoch: 0, validator_index: 1, signature: "0x00"} as never}),
    },
  ],
});
