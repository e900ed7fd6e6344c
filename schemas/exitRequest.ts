import {type Static, Type} from "typebox";
import {defineMessage} from "./defineMessage.js";
import {Bytes32} from "./fields.js";
import {clusterHead} from "./heads.js";
import {Order} from "./order.js";

/**
 * The relayer asks a cluster's sidecars to sign the voluntary exits of an order with their key shares, those whose entries it shows,
 * and their deposits.
 */
export const ExitRequest = Type.Object(
  {
    ...clusterHead,
    /** Names the order: SHA-256 of what the operator signed. */
    order_id: Bytes32,
    epoch: Type.Integer({minimum: 0, maximum: Number.MAX_SAFE_INTEGER}),
    order: Order,
  },
  {$id: "dvt.v2.exit_request", additionalProperties: false},
);
export type ExitRequest = Static<typeof ExitRequest>;

export const exitRequest = defineMessage({
  name: "exit_request",
  schema: ExitRequest,
  stream: "EXIT_REQUESTS",
  maxBytes: 28 * 1024,
  subject: ({network, cluster_id, order_id}) => `dvt.v2.exit_requests.${network}.${cluster_id}.${order_id}`,
});
