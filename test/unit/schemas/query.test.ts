import type {Message} from "../../../schemas/defineMessage.js";
import {exitStates, maxPageSize, query} from "../../../schemas/query.js";
import {aQuery, describeMessage, invalidOf, publicKey} from "../../support/examples/messages.js";

const anExit = {public_key: publicKey, validator_index: 42};
const ofState = {
  kind: "exits",
  state: "open",
  cluster_id: "alpha",
  public_key: publicKey,
  older_than_ms: 600_000,
  cursor: "1700000000000:hoodi:0xab",
  limit: maxPageSize,
} as const;
const letters = {kind: "dead_letters", cursor: "7", limit: 1} as const;
const bad = (change: object): object => ({...aQuery(), ...change});
const asking = (question: object): object => ({...aQuery(), question});

/** Everything but what may be missing in the question. */
const invalidIn = (question: Parameters<typeof aQuery>[0], ...optional: string[]) =>
  invalidOf(aQuery(question)).filter(({id}) => !optional.includes(id));
const without = (...names: string[]): string[] => names.map((name) => `no ${name} in question`);

describeMessage(query as Message, {
  valid: [
    {id: "the status", payload: aQuery()},
    {id: "the status of a cluster", payload: aQuery({kind: "status", cluster_id: "alpha"})},
    {id: "every field of a list", payload: aQuery(ofState)},
    ...exitStates.map((state) => ({id: `a list of exits that are ${state}`, payload: aQuery({kind: "exits", state})})),
    {id: "the beginning of a key", payload: aQuery({kind: "exits", state: "open", public_key: "0xa"})},
    {id: "64 named exits", payload: aQuery({kind: "named_exits", exits: Array(64).fill(anExit)})},
    {id: "a key", payload: aQuery({kind: "exit", public_key: publicKey})},
    {id: "a key at an index", payload: aQuery({kind: "exit", ...anExit})},
    {id: "dead letters", payload: aQuery({kind: "dead_letters"})},
    {id: "more dead letters", payload: aQuery(letters)},
  ],
  invalid: [
    ...invalidIn({kind: "status", cluster_id: "alpha"}, ...without("cluster_id")),
    ...invalidIn(
      ofState,
      ...without("cluster_id", "public_key", "older_than_ms", "cursor", "limit"),
      // The beginning of a key is enough.
      "a key of 47 bytes",
    ),
    ...invalidIn({kind: "named_exits", exits: [anExit]}),
    ...invalidIn({kind: "exit", ...anExit}, ...without("validator_index")),
    ...invalidIn(letters, ...without("cursor", "limit")),
    {id: "an unknown question", payload: asking({kind: "secrets"})},
    {id: "the field of another question", payload: asking({kind: "status", public_key: publicKey})},
    {id: "an unknown state", payload: asking({...ofState, state: "lost"})},
    {id: "a prefix that is a pattern", payload: asking({...ofState, public_key: "0x.*"})},
    {id: "an age that is negative", payload: asking({...ofState, older_than_ms: -1})},
    {id: "an age that is a query", payload: asking({...ofState, older_than_ms: {$gt: 0}})},
    {id: "a page of none", payload: asking({...ofState, limit: 0})},
    {id: "too large a page", payload: asking({...ofState, limit: maxPageSize + 1})},
    {id: "too many dead letters", payload: asking({...letters, limit: maxPageSize + 1})},
    {id: "an empty cursor", payload: asking({...ofState, cursor: ""})},
    {id: "a cursor of 257 characters", payload: asking({...letters, cursor: "a".repeat(257)})},
    {id: "a cursor with a space", payload: asking({...letters, cursor: "7 8"})},
    {id: "a participant with a dot", payload: bad({participant: "viewer.v-1"})},
    {id: "a nonce of 15 bytes", payload: bad({nonce: "0a".repeat(15)})},
    {id: "a nonce in upper case", payload: bad({nonce: "0A".repeat(16)})},
  ],
});
