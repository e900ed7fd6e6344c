import type {Deposit} from "../../schemas/deposit.js";
import {type DepositCompletion, depositCompletion} from "../../schemas/depositCompletion.js";
import type {ExitCompletion} from "../../schemas/exitCompletion.js";
import {exitCompletion} from "../../schemas/exitCompletion.js";
import {exitRequest} from "../../schemas/exitRequest.js";
import type {Clusters} from "../clusters/clusters.js";
import type {Network} from "../consensus/networks.js";
import type {ExitId} from "../exits/exitId.js";
import type {Bus} from "../messaging/connect.js";
import type {MessageCounts} from "../messaging/messageCounts.js";
import {publish} from "../messaging/publish.js";
import type {LiveOracles} from "../oracles/liveOracles.js";
import type {ValidatorRegistry} from "../registry/validatorRegistry.js";
import type {Clock} from "../runtime/clock.js";
import type {Logger} from "../runtime/logger.js";
import type {Deposits} from "../store/deposits.js";
import type {Exits} from "../store/exits.js";
import type {StoredRequest} from "../store/requestDocument.js";
import type {Requests} from "../store/requests.js";

/** What the relayer's handlers work with. */
export type Relayer = {
  readonly network: Network;
  readonly clusters: Clusters;
  readonly operatorIds: readonly string[];
  readonly oracles: LiveOracles;
  readonly requests: Requests;
  readonly exits: Pick<Exits, "findResults" | "findOtherSets">;
  readonly deposits: Pick<Deposits, "findSignatures">;
  readonly bus: Bus;
  /** The bus's: what a relayer writes, another one reads. */
  readonly clock: Clock;
  readonly logger: Logger;
  readonly reissueAfterMs: number;
  readonly exitLifetimeMs: number;
  /** Where the oracle set may change while it runs: exits are asked for again then. */
  readonly followed?: {
    /** Which validators need no exit for a new set. */
    readonly registry: ValidatorRegistry;
    /** So long after it saw a new set, the others have seen it too. */
    readonly graceMs: number;
  };
  /** Looks again who takes part, where the files may say it by now. */
  readonly reload?: () => Promise<void>;
  readonly counts?: MessageCounts;
};

/** Publishes at once that are awaited together. */
export const publishConcurrency = 256;

export const publishCompletion = (relayer: Relayer, completion: ExitCompletion): Promise<void> =>
  publish(relayer.bus, exitCompletion, completion);

export const publishDepositCompletion = (relayer: Relayer, completion: DepositCompletion): Promise<void> =>
  publish(relayer.bus, depositCompletion, completion);

export const exitOf = ({network}: Pick<Relayer, "network">, {publicKey, validatorIndex}: StoredRequest): ExitId => ({
  network,
  publicKey,
  validatorIndex,
});

type Asked = {exit: ExitId; clusterId: string; requestedAt: number; dueAt: number; deposit?: Deposit | undefined};

/** Whom the sidecars of its validator are, by the definitions in force; undefined where nobody who may ask for it has. */
export function findClusterId({clusters}: Relayer, {publicKey, askers}: StoredRequest): string | undefined {
  return askers.size > 0 ? clusters.byPublicKey(publicKey)?.cluster.id : undefined;
}

/** Kept until a sweep has issued it again, or never will: of an exit that needs nothing more none is left. */
export function publishExitRequest(relayer: Relayer, {exit, clusterId, requestedAt, dueAt, deposit}: Asked): Promise<void> {
  const keptMs = Math.max(0, dueAt - relayer.clock.now()) + relayer.reissueAfterMs;
  return publish(
    relayer.bus,
    exitRequest,
    {
      network: exit.network.name,
      cluster_id: clusterId,
      public_key: exit.publicKey,
      requested_at: requestedAt,
      voluntary_exit: {epoch: exit.network.capellaForkEpoch, validator_index: exit.validatorIndex},
      ...(deposit && {deposit}),
    },
    {keptMs},
  );
}
