import {type Static, Type} from "typebox";
import {defineMessage} from "./defineMessage.js";
import {depositShareHead, refusalTail} from "./heads.js";

/** A sidecar's policy does not let it sign a deposit. Like an exit_refusal it counts for one request only. */
export const DepositRefusal = Type.Object(
  {...depositShareHead, ...refusalTail},
  {$id: "dvt.v1.deposit_refusal", additionalProperties: false},
);
export type DepositRefusal = Static<typeof DepositRefusal>;

export const depositRefusal = defineMessage({
  name: "deposit_refusal",
  schema: DepositRefusal,
  stream: "EXIT_SHARES",
  maxBytes: 2048,
  subject: ({network, cluster_id, share_index}) => `dvt.v1.deposit_refusals.${network}.${cluster_id}.${share_index}`,
});
