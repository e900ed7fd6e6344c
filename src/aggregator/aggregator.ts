import type {OraclesExitSignatureShares} from "../../schemas/exitCompletion.js";
import type {Clusters} from "../clusters/clusters.js";
import type {Network} from "../consensus/networks.js";
import type {ExitToSplit} from "../exits/splitForOracles.js";
import type {Bus} from "../messaging/connect.js";
import type {EntryWatch} from "../messaging/entryWatch.js";
import type {MessageCounts} from "../messaging/messageCounts.js";
import type {LiveOracles} from "../oracles/liveOracles.js";
import type {OracleSet} from "../oracles/oracleSet.js";
import type {Clock} from "../runtime/clock.js";
import type {Logger} from "../runtime/logger.js";
import type {Deposits} from "../store/deposits.js";
import type {Exits} from "../store/exits.js";
import type {Requests} from "../store/requests.js";
import type {LateShares} from "./exits/lateShares.js";

/** Splits an exit for the oracles of a set. It takes over the signature's bytes. */
export type Split = (
  exit: ExitToSplit,
  oracleSet: Pick<OracleSet, "publicKeys" | "threshold">,
) => Promise<OraclesExitSignatureShares>;

/** Everything that the aggregator's handlers need. */
export type Aggregator = {
  readonly network: Network;
  readonly clusters: Clusters;
  readonly oracles: LiveOracles;
  /** 32 bytes each, newest first: a share may be encrypted to any of them. */
  readonly privateKeys: readonly Uint8Array[];
  /** 64 bytes, of the newest private key: shares are encrypted to it before they are stored. */
  readonly publicKey: Uint8Array;
  /** Read only: which exit of a key is current, and who asked for it. */
  readonly requests: Pick<Requests, "find" | "findAll">;
  readonly exits: Exits;
  readonly deposits: Deposits;
  readonly bus: Bus;
  /** The bus's clock: another aggregator reads the times that this one writes. */
  readonly clock: Clock;
  readonly logger: Logger;
  readonly split: Split;
  readonly lateShares: LateShares;
  /** The results that are being written or published, by exit and oracle set, so that nobody begins the same work again. */
  readonly completing: Map<string, Promise<unknown>>;
  /** Reloads the files that say who takes part, in case they have changed. */
  readonly reload?: () => Promise<void>;
  readonly counts?: MessageCounts;
  /** Is told how long each exit took, in milliseconds, once its result is stored. */
  readonly observeDuration?: (ms: number) => void;
  readonly entryWatch?: EntryWatch;
};

/** The aggregator during one piece of work, which is for one oracle set even if another becomes current meanwhile. */
export type AggregatorForSet = Aggregator & {readonly oracleSet: OracleSet};

/** The aggregator with the oracle set that is current now. */
export const forCurrentSet = (aggregator: Aggregator): AggregatorForSet => ({
  ...aggregator,
  oracleSet: aggregator.oracles.current(),
});
