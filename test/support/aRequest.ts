import type {Deposit} from "../../schemas/deposit.js";
import type {ExitRequest} from "../../schemas/exitRequest.js";
import type {NetworkName} from "../../schemas/fields.js";
import type {OrderEntry} from "../../schemas/order.js";
import {orderDigestsOf, orderIdOf} from "../../src/exits/order.js";
import type {Dealt, Stage} from "./stage.js";

/** The entry of one of the stage's validators. */
export const anEntry = (
  {dealt}: Pick<Stage, "dealt">,
  {of = 0, validatorIndex = 1000, deposit}: {of?: number; validatorIndex?: number; deposit?: Deposit} = {},
): OrderEntry => ({
  public_key: (dealt[of] as Dealt).publicKeyHex,
  validator_index: validatorIndex,
  ...(deposit && {deposit}),
});

type Requested = {
  /** An entry that the cluster is not shown is its digest alone. */
  entries?: readonly (OrderEntry | string)[];
  operatorId?: string;
  requestedAt?: number;
  clusterId?: string;
  network?: NetworkName;
};

/** What an honest relayer publishes of an order that the operator signed: by default, for the first validator's exit. */
export async function aRequest(
  stage: Pick<Stage, "dealt" | "signOrder">,
  {
    entries = [anEntry(stage)],
    operatorId = "op-1",
    requestedAt = Date.now(),
    clusterId = "c1",
    network = "hoodi",
  }: Requested = {},
): Promise<ExitRequest> {
  const unsigned = {operator_id: operatorId, requested_at: requestedAt, entries: [...entries]};
  const {signature, ...digests} = await stage.signOrder(orderDigestsOf(network, unsigned));
  return {network, cluster_id: clusterId, order_id: orderIdOf(digests), epoch: 0, order: {...unsigned, signature}};
}
