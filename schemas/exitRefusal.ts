import {type Static, Type} from "typebox";
import {defineMessage} from "./defineMessage.js";
import {BlsPubkey, Id, Network, RejectionCode, ShareIndex, ShortSentence, TimestampMs, ValidatorIndex} from "./fields.js";

/** A sidecar's policy does not let it sign an exit. It is of one request: played again after a later one it counts for nothing. */
export const ExitRefusal = Type.Object(
  {
    network: Network,
    cluster_id: Id,
    public_key: BlsPubkey,
    validator_index: ValidatorIndex,
    share_index: ShareIndex,
    requested_at: TimestampMs,
    code: RejectionCode,
    reason: ShortSentence,
  },
  {$id: "dvt.v1.exit_refusal", additionalProperties: false},
);
export type ExitRefusal = Static<typeof ExitRefusal>;

export const exitRefusal = defineMessage({
  name: "exit_refusal",
  schema: ExitRefusal,
  stream: "EXIT_SHARES",
  maxBytes: 2048,
  subject: ({network, cluster_id, share_index}) => `dvt.v1.exit_refusals.${network}.${cluster_id}.${share_index}`,
});
