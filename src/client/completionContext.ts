import type {PublicKey} from "../bls/curve.js";
import type {Network} from "../consensus/networks.js";
import type {LiveOracles} from "../oracles/liveOracles.js";
import type {ThrottledLog} from "../runtime/throttledLog.js";
import type {AwaitedExits} from "./awaitedExits.js";
import type {RequestedExit} from "./outcome.js";

/** The request that completions are checked against. */
export type CompletionContext = {
  network: Network;
  oracles: LiveOracles;
  awaited: AwaitedExits;
  /** The requested exits of each batch, and when they were ordered, by batch_id. */
  batches: ReadonlyMap<string, {readonly exits: readonly RequestedExit[]; readonly requestedAt: number}>;
  publicKeys: ReadonlyMap<string, PublicKey>;
  /** By exitKeyOf, the requested_at of the exit's latest order: an earlier one's rejection counts no more. */
  requestedAtOf: ReadonlyMap<string, number>;
  /** The aggregator's public nkey. */
  aggregatorNkey: string;
  /** Logs the results that are for another oracle set. */
  forOtherSet: ThrottledLog<{oracles_config_hash: string; exit: string}>;
};
