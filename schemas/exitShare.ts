import {type Static, Type} from "typebox";
import {defineMessage} from "./defineMessage.js";
import {EciesCiphertext} from "./fields.js";
import {exitShareHead} from "./heads.js";

/** One sidecar's signature share of an exit, encrypted to the aggregator: t of them, unencrypted, are the exit. */
export const ExitShare = Type.Object(
  {...exitShareHead, encrypted_signature: EciesCiphertext},
  {$id: "dvt.v1.exit_share", additionalProperties: false},
);
export type ExitShare = Static<typeof ExitShare>;

export const exitShare = defineMessage({
  name: "exit_share",
  schema: ExitShare,
  stream: "EXIT_SHARES",
  maxBytes: 2048,
  subject: ({network, cluster_id, share_index}) => `dvt.v1.exit_shares.${network}.${cluster_id}.${share_index}`,
});
