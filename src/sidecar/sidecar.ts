import type {Answers} from "../answers/createAnswers.js";
import type {Network} from "../consensus/networks.js";
import type {KeyShares} from "../keys/keyShares.js";
import type {Bus} from "../messaging/connect.js";
import type {EntryWatch} from "../messaging/entryWatch.js";
import type {MessageCounts} from "../messaging/messageCounts.js";
import type {DepositPolicy} from "../policy/depositPolicy.js";
import type {Policy} from "../policy/policy.js";
import type {Logger} from "../runtime/logger.js";

/** The sidecar's part of the system, for its handlers. */
export type Sidecar = {
  readonly network: Network;
  readonly clusterId: string;
  /** They may change while the sidecar runs: every exit reads them anew. */
  readonly keyShares: KeyShares;
  readonly policy: Policy;
  readonly depositPolicy: DepositPolicy;
  /** Publishes what this sidecar answers. */
  readonly answers: Answers;
  /** Orders that are older are not signed on. */
  readonly orderLifetimeMs: number;
  readonly bus: Bus;
  /** The policy's clock, which advances by the time that passes. */
  readonly now: () => number;
  readonly logger: Logger;
  /** Reloads the files, and the key shares of new validators. */
  readonly reload?: () => Promise<void>;
  readonly counts?: MessageCounts;
  readonly entryWatch?: EntryWatch;
};
