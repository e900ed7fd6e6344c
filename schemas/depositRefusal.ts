import {type Static, Type} from "typebox";
import {defineMessage} from "./defineMessage.js";
import {Deposit} from "./deposit.js";
import {BlsPubkey, Id, Network, RejectionCode, ShareIndex, ShortSentence, TimestampMs} from "./fields.js";

/** A sidecar's policy does not let it sign a deposit, whatever it says of the exit. Like an exit_refusal it is of one request. */
export const DepositRefusal = Type.Object(
  {
    network: Network,
    cluster_id: Id,
    public_key: BlsPubkey,
    share_index: ShareIndex,
    deposit: Deposit,
    requested_at: TimestampMs,
    code: RejectionCode,
    reason: ShortSentence,
  },
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
