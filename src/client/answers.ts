import type {PublicKey} from "../bls/curve.js";
import type {Network} from "../consensus/networks.js";
import type {LiveOracles} from "../oracles/liveOracles.js";
import type {Logger} from "../runtime/logger.js";
import type {Awaited} from "./awaited.js";
import type {WantedExit} from "./outcome.js";

/** What answers are held against. */
export type Answers = {
  network: Network;
  oracles: LiveOracles;
  awaited: Awaited;
  /** What was asked for, by batch_id. */
  batches: ReadonlyMap<string, readonly WantedExit[]>;
  publicKeys: ReadonlyMap<string, PublicKey>;
  requestedAt: number;
  /** The aggregator's public nkey. */
  aggregatorNkey: string;
  logger: Logger;
};
