import {type Static, Type} from "typebox";
import {defineMessage} from "./defineMessage.js";
import {BlsSignature} from "./fields.js";
import {depositShareHead} from "./heads.js";

/** One sidecar's signature share of a deposit. It is not secret: t of them make the signature for the deposit contract. */
export const DepositShare = Type.Object(
  {...depositShareHead, signature: BlsSignature},
  {$id: "dvt.v1.deposit_share", additionalProperties: false},
);
export type DepositShare = Static<typeof DepositShare>;

export const depositShare = defineMessage({
  name: "deposit_share",
  schema: DepositShare,
  stream: "EXIT_SHARES",
  maxBytes: 1024,
  subject: ({network, cluster_id, share_index}) => `dvt.v1.deposit_shares.${network}.${cluster_id}.${share_index}`,
});
