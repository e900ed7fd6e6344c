import type {Clusters} from "../clusters/clusters.js";
import type {Network} from "../consensus/networks.js";
import type {DepositRules} from "../exits/depositRules.js";
import type {Bus} from "../messaging/connect.js";
import type {LiveOracles} from "../oracles/liveOracles.js";
import type {ValidatorRegistry} from "../registry/validatorRegistry.js";
import type {Clock} from "../runtime/clock.js";
import type {Logger} from "../runtime/logger.js";
import type {Deposits} from "../store/deposits.js";
import type {Exits} from "../store/exits.js";
import type {Requests} from "../store/requests.js";
import type {Reservations} from "../store/reservations.js";
import type {ValidatorsManager} from "../vaults/validatorsManager.js";
import type {Credentials} from "./access/credentials.js";
import type {Allowing} from "./allowing.js";
import type {DepositSignatures} from "./depositSignatures.js";
import type {Metrics} from "./metrics.js";
import type {Recent} from "./recent.js";
import type {Results} from "./results.js";
import type {Taking} from "./taking.js";
import type {WarnOnce} from "./warnOnce.js";

/** What the gateway's routes work with. It is nobody on the bus itself: it speaks as those whose nkeys it holds. */
export type Gateway = {
  readonly network: Network;
  readonly clusters: Clusters;
  /** 64 bytes: shares are encrypted to it. */
  readonly aggregatorKey: Uint8Array;
  readonly oracles: LiveOracles;
  /** Only read here. */
  readonly requests: Pick<Requests, "findAll" | "findOpenWithDeposit">;
  readonly exits: Pick<Exits, "findAll">;
  readonly deposits: Pick<Deposits, "findAll">;
  /** Written here only. */
  readonly reservations: Reservations;
  /** By operator id, a connection of each that is served. */
  readonly operators: ReadonlyMap<string, Bus>;
  /** The same of the sidecars, by sidecarKeyOf. */
  readonly sidecars: ReadonlyMap<string, Bus>;
  /** Undefined: whoever reaches the server is served. */
  readonly credentials: Credentials | undefined;
  /** Which deposits are shown to sidecars, which sign whatever they are shown. */
  readonly depositRules: DepositRules;
  /** Which exits are. */
  readonly allowing: Allowing;
  readonly registry: ValidatorRegistry;
  /** Undefined where it holds no key of one. */
  readonly manager: ValidatorsManager | undefined;
  /** Throws a DvtError when a server that it needs does not answer. */
  readonly checkServers: () => Promise<void>;
  readonly results: Results;
  readonly depositSignatures: DepositSignatures;
  /** Exits asked for, and shares published, a moment ago: the store may not know of them yet. */
  readonly asked: Recent;
  readonly sent: Recent;
  readonly taking: Taking;
  readonly metrics: Metrics;
  /** The bus's: what an operator asks for is dated by it. */
  readonly clock: Clock;
  readonly logger: Logger;
  readonly warnOnce: WarnOnce;
  /** Aborted when the gateway is to end: nobody is kept waiting then. */
  readonly stopping: AbortSignal;
};

export const sidecarKeyOf = (clusterId: string, shareIndex: number): string => `${clusterId}:${shareIndex}`;
