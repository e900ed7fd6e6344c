import {type Static, Type} from "typebox";
import {defineMessage} from "./defineMessage.js";
import {Bytes32} from "./fields.js";
import {exitPart, many, operatorHead} from "./heads.js";

/** An operator has these exits' results for this oracle set. Nothing depends on it: without it the relayer publishes them once more. */
export const ExitReceipt = Type.Object(
  {...operatorHead, oracles_config_hash: Bytes32, exits: many(Type.Object(exitPart, {additionalProperties: false}))},
  {$id: "dvt.v2.exit_receipt", additionalProperties: false},
);
export type ExitReceipt = Static<typeof ExitReceipt>;

export const exitReceipt = defineMessage({
  name: "exit_receipt",
  schema: ExitReceipt,
  stream: "REQUESTS",
  maxBytes: 12 * 1024,
  subject: ({network, operator_id}) => `dvt.v2.receipts.${network}.${operator_id}`,
});
