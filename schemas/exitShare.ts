import {type Static, Type} from "typebox";
import {defineMessage} from "./defineMessage.js";
import {EciesCiphertexts} from "./fields.js";
import {exitPart, many, sidecarHead} from "./heads.js";

/** One sidecar's signature shares of exits, encrypted to the aggregator together: t of an exit, unencrypted, are the exit. */
export const ExitShare = Type.Object(
  {
    ...sidecarHead,
    exits: many(Type.Object(exitPart, {additionalProperties: false})),
    /** The 96-byte shares of these exits, in their order, in one ciphertext. */
    encrypted_signatures: EciesCiphertexts,
  },
  {$id: "dvt.v2.exit_share", additionalProperties: false},
);
export type ExitShare = Static<typeof ExitShare>;

export const exitShare = defineMessage({
  name: "exit_share",
  schema: ExitShare,
  stream: "EXIT_SHARES",
  maxBytes: 28 * 1024,
  subject: ({network, cluster_id, share_index}) => `dvt.v2.exit_shares.${network}.${cluster_id}.${share_index}`,
});
