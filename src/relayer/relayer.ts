import {type DepositCompletion, depositCompletion} from "../../schemas/depositCompletion.js";
import type {ExitCompletion} from "../../schemas/exitCompletion.js";
import {exitCompletion} from "../../schemas/exitCompletion.js";
import {exitRequest} from "../../schemas/exitRequest.js";
import type {OrderEntry} from "../../schemas/order.js";
import type {Clusters} from "../clusters/clusters.js";
import type {Network} from "../consensus/networks.js";
import type {ExitId} from "../exits/exitId.js";
import type {Bus} from "../messaging/connect.js";
import type {EntryWatch} from "../messaging/entryWatch.js";
import type {MessageCounts} from "../messaging/messageCounts.js";
import {publish} from "../messaging/publish.js";
import type {LiveOracles} from "../oracles/liveOracles.js";
import type {ValidatorRegistry} from "../registry/validatorRegistry.js";
import type {Clock} from "../runtime/clock.js";
import type {Logger} from "../runtime/logger.js";
import type {Outage} from "../runtime/outage.js";
import type {Deposits} from "../store/deposits.js";
import type {Exits} from "../store/exits.js";
import type {Orders, SignedOrder} from "../store/orders.js";
import type {StoredRequest} from "../store/requestDocument.js";
import type {Requests} from "../store/requests.js";

/** The relayer's part of the system, for its handlers and sweeps. */
export type Relayer = {
  readonly network: Network;
  readonly clusters: Clusters;
  readonly oracles: LiveOracles;
  readonly requests: Requests;
  readonly orders: Orders;
  readonly exits: Pick<Exits, "findResults" | "findComplete" | "findOtherSets">;
  readonly deposits: Pick<Deposits, "findSignatures">;
  readonly bus: Bus;
  /** The bus's clock: relayers on several machines compare the times that they store. */
  readonly clock: Clock;
  readonly logger: Logger;
  readonly reissueAfterMs: number;
  readonly exitLifetimeMs: number;
  /** Set if the oracle set may change while the relayer runs: exits are then requested again. */
  readonly followed?: {
    /** Registered validators need no exit for a new set. */
    readonly registry: ValidatorRegistry;
    /** How long after this relayer sees a new set the other roles have seen it too. */
    readonly graceMs: number;
    /** While the registry cannot be read. */
    readonly outage: Outage;
  };
  /** Reloads participants and clusters if their files have changed. */
  readonly reload?: () => Promise<void>;
  readonly counts?: MessageCounts;
  readonly entryWatch?: EntryWatch;
};

/** How many messages are published at once. */
export const publishConcurrency = 256;

/** Publishes the completion of an exit to its operator. */
export const publishCompletion = (relayer: Relayer, completion: ExitCompletion): Promise<void> =>
  publish(relayer.bus, exitCompletion, completion);

/** Publishes the completion of a deposit to its operator. */
export const publishDepositCompletion = (relayer: Relayer, completion: DepositCompletion): Promise<void> =>
  publish(relayer.bus, depositCompletion, completion);

/** The exit that a stored request is for. */
export const exitOf = ({network}: Pick<Relayer, "network">, {publicKey, validatorIndex}: StoredRequest): ExitId => ({
  network,
  publicKey,
  validatorIndex,
});

/** The cluster that holds the validator now; undefined if no operator that is allowed to asked for the exit. */
export function findClusterId({clusters}: Relayer, {publicKey, requesters}: StoredRequest): string | undefined {
  return requesters.size > 0 ? clusters.byPublicKey(publicKey)?.cluster.id : undefined;
}

/** What is asked of a cluster now on an order: the entries that are shown, by their digests. */
export type NewExitRequest = {
  readonly clusterId: string;
  readonly orderId: string;
  readonly order: SignedOrder;
  readonly shown: ReadonlyMap<string, OrderEntry>;
  /** When the last of them is due to be asked for again. */
  readonly dueAt: number;
};

/** Publishes an exit request; the stream deletes it when a sweep has reissued it, or would have. */
export function publishExitRequest(relayer: Relayer, {clusterId, orderId, order, shown, dueAt}: NewExitRequest): Promise<void> {
  const keptMs = Math.max(0, dueAt - relayer.clock.now()) + relayer.reissueAfterMs;
  return publish(
    relayer.bus,
    exitRequest,
    {
      network: relayer.network.name,
      cluster_id: clusterId,
      order_id: orderId,
      epoch: relayer.network.capellaForkEpoch,
      order: {
        operator_id: order.operatorId,
        requested_at: order.requestedAt,
        entries: order.digests.map((digest) => shown.get(digest) ?? digest),
        signature: order.signature,
      },
    },
    {keptMs},
  );
}
