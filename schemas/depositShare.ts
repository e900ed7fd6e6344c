import {type Static, Type} from "typebox";
import {defineMessage} from "./defineMessage.js";
import {BlsSignature} from "./fields.js";
import {depositPart, many, sidecarHead} from "./heads.js";

/** One sidecar's signature shares of deposits. They are not secret: t of them make the signature for the deposit contract. */
export const DepositShare = Type.Object(
  {...sidecarHead, deposits: many(Type.Object({...depositPart, signature: BlsSignature}, {additionalProperties: false}))},
  {$id: "dvt.v2.deposit_share", additionalProperties: false},
);
export type DepositShare = Static<typeof DepositShare>;

export const depositShare = defineMessage({
  name: "deposit_share",
  schema: DepositShare,
  stream: "EXIT_SHARES",
  maxBytes: 44 * 1024,
  subject: ({network, cluster_id, share_index}) => `dvt.v2.deposit_shares.${network}.${cluster_id}.${share_index}`,
});
