import type {Message} from "../../../schemas/defineMessage.js";
import {exitBatch} from "../../../schemas/exitBatch.js";
import {aDeposit, anExitBatch, aSignature, describeMessage, invalidOf, publicKey} from "../../support/examples/messages.js";

const keys = (count: number) =>
  Array.from({length: count}, (_, index) => ({
    public_key: `0x${index.toString(16).padStart(96, "0")}`,
    validator_index: index,
  }));
const one = {public_key: publicKey, validator_index: 42};
const withRotation = anExitBatch({validators: [{...one, rotation: true}]});
const withDeposit = anExitBatch({validators: [{...one, deposit: aDeposit()}]});

describeMessage(exitBatch as Message, {
  valid: [
    {id: "a key with a deposit", payload: withDeposit},
    {id: "a rotation", payload: withRotation},
    {id: "one key", payload: anExitBatch()},
    {id: "1,000 keys", payload: anExitBatch({validators: keys(1000), order_signatures: Array(16).fill(aSignature)})},
    {id: "the highest index", payload: anExitBatch({validators: [{public_key: publicKey, validator_index: 2 ** 53 - 1}]})},
    {id: "a batch_id that is a UUID", payload: anExitBatch({batch_id: "0b8f2c1e-6f0e-4d0a-9f5c-3a1f0f5d2f11"})},
    {id: "the longest operator id", payload: anExitBatch({operator_id: "vault_0123456789-0123456789abcde"})},
  ],
  invalid: [
    ...invalidOf(anExitBatch()),
    ...invalidOf(withDeposit)
      .filter(({id}) => id !== "no deposit in validators[]")
      .map(({id, ...it}) => ({...it, id: `${id}, with a deposit`})),
    ...invalidOf(withRotation).filter(({id}) => id.includes("rotation that")),
    {id: "1,001 keys", payload: anExitBatch({validators: keys(1001)})},
    {id: "a digest for a key", payload: anExitBatch({validators: [`0x${"d1".repeat(32)}` as never]})},
    {id: "an order that is signed in hex", payload: anExitBatch({order_signatures: [`0x${"cd".repeat(64)}`]})},
    {id: "an order without its signature's padding", payload: anExitBatch({order_signatures: [aSignature.slice(0, 86)]})},
    {
      id: "a bad key as the last of many",
      payload: anExitBatch({validators: [...keys(10), {public_key: "0x", validator_index: 1}]}),
    },
    {id: "a batch_id with a dot", payload: anExitBatch({batch_id: "batch.1"})},
    {id: "a batch_id in upper case", payload: anExitBatch({batch_id: "BATCH"})},
    {id: "an empty batch_id", payload: anExitBatch({batch_id: ""})},
    {id: "a batch_id of 65 characters", payload: anExitBatch({batch_id: "b".repeat(65)})},
  ],
});
