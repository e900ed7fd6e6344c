import type {Message} from "../../../schemas/defineMessage.js";
import {registration} from "../../../schemas/registration.js";
import {
  aPending,
  aPendingOperation,
  aRegistration,
  describeMessage,
  invalidOf,
  publicKey,
} from "../../support/examples/messages.js";

const {pending, operation, ...claim} = aRegistration();
const hash = `0x${"e1".repeat(32)}`;

describeMessage(registration as Message, {
  valid: [
    {id: "nothing pending", payload: claim},
    {id: "every field", payload: {...claim, pending, operation}},
    {id: "an operation alone", payload: {...claim, operation}},
    {id: "16 hashes of an operation", payload: {...claim, operation: aPendingOperation({hashes: Array(16).fill(hash)})}},
    {id: "no lease any more", payload: {...claim, lease_ms: 0}},
    {id: "the longest lease", payload: {...claim, lease_ms: 600_000}},
    {id: "fees of 0", payload: {...claim, pending: aPending({max_fee_per_gas: "0", max_priority_fee_per_gas: "0"})}},
    {id: "16 hashes", payload: {...claim, pending: aPending({hashes: Array(16).fill(hash)})}},
    {id: "1000 keys", payload: {...claim, pending: aPending({public_keys: Array(1000).fill(publicKey)})}},
  ],
  invalid: [
    ...invalidOf({...claim, pending, operation}, {public_keys: 1000}).filter(
      ({id}) => id !== "no pending" && id !== "no operation",
    ),
    {id: "a lease of more than 10 minutes", payload: {...claim, lease_ms: 600_001}},
    {id: "a process with 0x", payload: {...claim, process: `0x${"0a".repeat(15)}`}},
    {id: "a process in upper case", payload: {...claim, process: "0A".repeat(16)}},
    {id: "a process of 31 digits", payload: {...claim, process: "0".repeat(31)}},
  ],
});
