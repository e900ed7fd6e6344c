import {type Static, Type} from "typebox";
import {defineMessage} from "./defineMessage.js";
import {exitShareHead, refusalTail} from "./heads.js";

/** A sidecar's policy does not let it sign an exit. It counts for one request only: replayed after a later one it has no effect. */
export const ExitRefusal = Type.Object(
  {...exitShareHead, ...refusalTail},
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
