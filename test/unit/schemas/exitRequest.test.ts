import type {Message} from "../../../schemas/defineMessage.js";
import {exitRequest} from "../../../schemas/exitRequest.js";
import {
  aDeposit,
  anExitRequest,
  anOrder,
  aSignature,
  describeMessage,
  invalidOf,
  publicKey,
} from "../../support/examples/messages.js";

const digest = `0x${"d1".repeat(32)}`;
const entry = {public_key: publicKey, validator_index: 42};
const withOrder = (change: object): object => anExitRequest({order: anOrder(change)});
const withEntries = (...entries: unknown[]): object => withOrder({entries});
const withRotation = withEntries({...entry, rotation: true});
const withDeposit = withEntries({...entry, deposit: aDeposit()});

describeMessage(exitRequest as Message, {
  valid: [
    {id: "an exit", payload: anExitRequest()},
    {id: "a deposit", payload: withDeposit},
    {id: "a rotation", payload: withRotation},
    {id: "an exit among digests", payload: withEntries(digest, {...entry, deposit: aDeposit()}, digest)},
    {id: "64 exits", payload: withEntries(...Array(64).fill(entry))},
    {id: "digests alone", payload: withEntries(digest)},
    {id: "mainnet's epoch", payload: anExitRequest({network: "mainnet", epoch: 194_048})},
  ],
  invalid: [
    ...invalidOf(anExitRequest()),
    ...invalidOf(withDeposit)
      .filter(({id}) => id !== "no deposit in order.entries[]")
      .map(({id, ...it}) => ({...it, id: `${id}, with a deposit`})),
    {id: "64 digests and an exit", payload: withEntries(...Array(64).fill(digest), entry)},
    {id: "a digest of 31 bytes", payload: withEntries(digest.slice(0, -2))},
    {id: "a digest of 33 bytes", payload: withEntries(`${digest}d1`)},
    {id: "a digest without 0x", payload: withEntries("d1".repeat(33))},
    {id: "a digest in an object", payload: withEntries({digest})},
    {id: "an exit with its digest", payload: withEntries({...entry, digest})},
    {id: "an order that is signed in hex", payload: withOrder({signature: `0x${"cd".repeat(64)}`})},
    {id: "an order that is signed in base64 of URLs", payload: withOrder({signature: `${"-".repeat(86)}==`})},
    {id: "an order without its signature's padding", payload: withOrder({signature: aSignature.slice(0, 86)})},
    {id: "an order that names its network", payload: withOrder({network: "hoodi"})},
    {id: "exits outside of an order", payload: {...anExitRequest(), exits: [entry]}},
  ],
});
