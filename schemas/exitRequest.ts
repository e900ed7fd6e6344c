import {type Static, Type} from "typebox";
import {defineMessage} from "./defineMessage.js";
import {Deposit} from "./deposit.js";
import {TimestampMs, ValidatorIndex} from "./fields.js";
import {clusterHead} from "./heads.js";

/** The relayer asks a cluster's sidecars to sign this voluntary exit with their key shares. */
export const ExitRequest = Type.Object(
  {
    ...clusterHead,
    requested_at: TimestampMs,
    voluntary_exit: Type.Object(
      {epoch: Type.Integer({minimum: 0, maximum: Number.MAX_SAFE_INTEGER}), validator_index: ValidatorIndex},
      {additionalProperties: false},
    ),
    /** To sign too, if the sidecar's policy allows it. */
    deposit: Type.Optional(Deposit),
  },
  {$id: "dvt.v1.exit_request", additionalProperties: false},
);
export type ExitRequest = Static<typeof ExitRequest>;

export const exitRequest = defineMessage({
  name: "exit_request",
  schema: ExitRequest,
  stream: "EXIT_REQUESTS",
  maxBytes: 1024,
  subject: ({network, cluster_id, public_key, voluntary_exit}) =>
    `dvt.v1.exit_requests.${network}.${cluster_id}.${public_key}.${voluntary_exit.validator_index}`,
});
