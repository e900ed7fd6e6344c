import type {Message} from "../../../schemas/defineMessage.js";
import {type Presence, presence} from "../../../schemas/presence.js";
import {aFullPresence, aPresence, describeMessage, invalidOf} from "../../support/examples/messages.js";

const required = Object.keys(aPresence());
const optional = [...Object.keys(aFullPresence()).filter((name) => !required.includes(name)), "last_at in signed"];
const wait = {code: "RATE_LIMITED", since: 1, exits: 1};
const refused = {code: "INDEX_LIMIT", count: 1};
const left = {vault: `0x${"a1".repeat(20)}`, keys: 1};
const bad = (change: {[name in keyof Presence]?: unknown}): object => ({...aPresence(), ...change});

describeMessage(presence as Message, {
  valid: [
    {id: "what every process says", payload: aPresence()},
    {id: "every field", payload: aFullPresence()},
    {id: "an end", payload: aPresence({state: "stops"})},
    {id: "a gateway's words for an operator", payload: aPresence({participant: "operator-op-1", role: "gateway"})},
    {id: "nothing signed yet", payload: aPresence({signed: {count: 0}})},
    {id: "16 codes of each kind", payload: aPresence({waits: Array(16).fill(wait), refused: Array(16).fill(refused)})},
    {id: "32 vaults", payload: aPresence({keys_left: Array(32).fill(left)})},
  ],
  invalid: [
    ...invalidOf(aFullPresence({waits: []})).filter(({id}) => !optional.some((name) => id === `no ${name}`)),
    {id: "an unknown role", payload: bad({role: "administrator"})},
    {id: "an unknown state", payload: bad({state: "sleeps"})},
    {id: "an instance of 7 digits", payload: bad({instance: "0a1b2c3"})},
    {id: "an instance in upper case", payload: bad({instance: "0A1B2C3D"})},
    {id: "a participant with a dot", payload: bad({participant: "relayer.x"})},
    {id: "a version of two lines", payload: bad({version: "1.0\n2.0"})},
    {id: "a version of 65 characters", payload: bad({version: "1".repeat(65)})},
    {id: "a start in the form of a date", payload: bad({started_at: "2026-01-01"})},
    {id: "a negative delay", payload: bad({loop_delay_ms: -1})},
    {id: "17 codes that wait", payload: bad({waits: Array(17).fill(wait)})},
    {id: "17 refused codes", payload: bad({refused: Array(17).fill(refused)})},
    {id: "33 vaults", payload: bad({keys_left: Array(33).fill(left)})},
    {id: "a wait without a code", payload: bad({waits: [{since: 1, exits: 1}]})},
    {id: "a wait with a reason", payload: bad({waits: [{...wait, reason: "http://user:password@node"}]})},
    {id: "a code that is a sentence", payload: bad({waits: [{...wait, code: "the node is away"}]})},
    {id: "a beacon node with its URL", payload: bad({beacon: {state: "ok", since: 1, url: "http://node"}})},
    {id: "a beacon node that is fine", payload: bad({beacon: {state: "fine", since: 1}})},
    {id: "an oracle set from elsewhere", payload: bad({oracles: {config_hash: `0x${"ef".repeat(32)}`, since: 1, source: "me"}})},
  ],
});
