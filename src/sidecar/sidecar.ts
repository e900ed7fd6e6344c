import type {Network} from "../consensus/networks.js";
import type {KeyShares} from "../keys/keyShares.js";
import type {Bus} from "../messaging/connect.js";
import type {Logger} from "../runtime/logger.js";
import type {Tally} from "../runtime/tally.js";
import type {DepositPolicy} from "./depositPolicy.js";
import type {Policy} from "./policy.js";

/** What the sidecar's handler works with. */
export type Sidecar = {
  readonly network: Network;
  readonly clusterId: string;
  readonly keyShares: KeyShares;
  readonly policy: Policy;
  readonly depositPolicy: DepositPolicy;
  /** 64 bytes: shares are encrypted to it. */
  readonly aggregatorKey: Uint8Array;
  readonly bus: Bus;
  readonly logger: Logger;
  readonly signed: Tally;
};
