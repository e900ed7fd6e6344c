import type {PublicKey} from "../bls/curve.js";
import type {Network} from "../consensus/networks.js";
import type {LiveOracles} from "../oracles/liveOracles.js";
import type {Logger} from "../runtime/logger.js";
import type {AwaitedExits} from "./awaitedExits.js";
import type {WantedExit} from "./outcome.js";

/** What answers are held against. */
export type CompletionContext = {
  network: Network;
  oracles: LiveOracles;
  awaited: AwaitedExits;
  /** What was asked for, by batch_id. */
  batches: ReadonlyMap<string, readonly WantedExit[]>;
  publicKeys: ReadonlyMap<string, PublicKey>;
  requestedAt: number;
  /** The aggregator's public nkey. */
  aggregatorNkey: string;
  logger: Logger;
};
