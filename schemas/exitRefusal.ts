import {type Static, Type} from "typebox";
import {defineMessage} from "./defineMessage.js";
import {exitPart, many, refusalTail, sidecarHead} from "./heads.js";

/** A sidecar's policy does not let it sign these exits. Each counts for one request only: replayed after a later one it has no effect. */
export const ExitRefusal = Type.Object(
  {...sidecarHead, refusals: many(Type.Object({...exitPart, ...refusalTail}, {additionalProperties: false}))},
  {$id: "dvt.v2.exit_refusal", additionalProperties: false},
);
export type ExitRefusal = Static<typeof ExitRefusal>;

export const exitRefusal = defineMessage({
  name: "exit_refusal",
  schema: ExitRefusal,
  stream: "EXIT_SHARES",
  maxBytes: 52 * 1024,
  subject: ({network, cluster_id, share_index}) => `dvt.v2.exit_refusals.${network}.${cluster_id}.${share_index}`,
});
