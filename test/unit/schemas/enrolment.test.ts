import type {Message} from "../../../schemas/defineMessage.js";
import {enrolment} from "../../../schemas/enrolment.js";
import {anEnrolment, describeMessage, invalidOf} from "../../support/examples/messages.js";

const {proof, ...without} = anEnrolment();

describeMessage(enrolment as Message, {
  valid: [
    {id: "every field", payload: {...without, proof}},
    {id: "no proof", payload: without},
    {id: "an operator", payload: {...without, participant: "operator-acme"}},
  ],
  invalid: [
    ...invalidOf({...without, proof}).filter(({id}) => id !== "no proof"),
    {id: "an invitation with 0x", payload: {...without, invitation: `0x${"0a".repeat(15)}`}},
    {id: "an invitation in upper case", payload: {...without, invitation: "0A".repeat(16)}},
    {id: "an invitation with a wildcard", payload: {...without, invitation: "*"}},
    {id: "the nkey of an account", payload: {...without, nkey: `A${"A".repeat(55)}`}},
    {id: "a participant with a dot", payload: {...without, participant: "operator.acme"}},
    {id: "a version of two lines", payload: {...without, version: "1\n2"}},
  ],
});
