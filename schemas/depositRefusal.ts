import {type Static, Type} from "typebox";
import {defineMessage} from "./defineMessage.js";
import {depositPart, many, refusalTail, sidecarHead} from "./heads.js";

/** A sidecar's policy does not let it sign these deposits. Like those of exits, each refusal counts for one request only. */
export const DepositRefusal = Type.Object(
  {...sidecarHead, refusals: many(Type.Object({...depositPart, ...refusalTail}, {additionalProperties: false}))},
  {$id: "dvt.v2.deposit_refusal", additionalProperties: false},
);
export type DepositRefusal = Static<typeof DepositRefusal>;

export const depositRefusal = defineMessage({
  name: "deposit_refusal",
  schema: DepositRefusal,
  stream: "EXIT_SHARES",
  maxBytes: 60 * 1024,
  subject: ({network, cluster_id, share_index}) => `dvt.v2.deposit_refusals.${network}.${cluster_id}.${share_index}`,
});
