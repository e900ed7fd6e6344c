import type {OraclesExitSignatureShares} from "../../schemas/exitCompletion.js";
import type {Clusters} from "../clusters/clusters.js";
import type {Network} from "../consensus/networks.js";
import type {Splitting} from "../exits/splitForOracles.js";
import type {Bus} from "../messaging/connect.js";
import type {LiveOracles} from "../oracles/liveOracles.js";
import type {OracleSet} from "../oracles/oracleSet.js";
import type {Clock} from "../runtime/clock.js";
import type {Logger} from "../runtime/logger.js";
import type {Tally} from "../runtime/tally.js";
import type {Deposits} from "../store/deposits.js";
import type {Exits} from "../store/exits.js";
import type {Requests} from "../store/requests.js";

/** What the aggregator's handlers work with. */
export type Aggregator = {
  readonly network: Network;
  readonly clusters: Clusters;
  readonly oracles: LiveOracles;
  /** 32 bytes each, newest first: one of them opens a share. */
  readonly privateKeys: readonly Uint8Array[];
  /** Only read here: which index is current and who asked. */
  readonly requests: Pick<Requests, "find" | "findAll">;
  readonly exits: Exits;
  readonly deposits: Deposits;
  readonly bus: Bus;
  /** The bus's: what an aggregator writes, another one reads. */
  readonly clock: Clock;
  readonly logger: Logger;
  /** splitForOracles, here or on another thread; it takes the signature's bytes over. */
  readonly split: (splitting: Splitting) => Promise<OraclesExitSignatureShares>;
  readonly completed: Tally;
  /** By underWayKeyOf, those that are being completed or said: what comes meanwhile need not do it too. */
  readonly completing: Map<string, Promise<unknown>>;
  /** Looks again who takes part, where the files may say it by now. */
  readonly lookAgain?: () => Promise<void>;
};

/** The aggregator at one piece of work: all of it is for one oracle set, whatever is in force when it ends. */
export type AggregatorForSet = Aggregator & {readonly oracleSet: OracleSet};

export const forCurrentSet = (aggregator: Aggregator): AggregatorForSet => ({
  ...aggregator,
  oracleSet: aggregator.oracles.current(),
});

/** Of an exit as it is completed for this set. */
export const underWayKeyOf = ({oracleSet}: Pick<AggregatorForSet, "oracleSet">, exitKey: string): string =>
  `${exitKey} ${oracleSet.configHash}`;
