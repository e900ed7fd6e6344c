import type {Network} from "../consensus/networks.js";
import type {KeyShares} from "../keys/keyShares.js";
import type {Bus} from "../messaging/connect.js";
import type {MessageCounts} from "../messaging/messageCounts.js";
import type {DepositPolicy} from "../policy/depositPolicy.js";
import type {Policy} from "../policy/policy.js";
import type {Logger} from "../runtime/logger.js";
import type {ThrottledLog} from "../runtime/throttledLog.js";

/** What the sidecar's handler works with. */
export type Sidecar = {
  readonly network: Network;
  readonly clusterId: string;
  /** They may become others while it runs: what is held is asked for each exit. */
  readonly keyShares: KeyShares;
  readonly policy: Policy;
  readonly depositPolicy: DepositPolicy;
  /** 64 bytes: shares are encrypted to it. It may become another one while it runs. */
  readonly aggregatorKey: Uint8Array;
  readonly bus: Bus;
  /** As even as the time that passes, and the policy's from the start on. */
  readonly now: () => number;
  readonly logger: Logger;
  readonly signed: ThrottledLog;
  /** Looks again what the files say, and for the key shares of new validators. */
  readonly reload?: () => Promise<void>;
  readonly counts?: MessageCounts;
};
