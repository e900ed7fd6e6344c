import type {Approvals} from "../approvals/createApprovals.js";
import type {ValidatorFinder} from "../beacon/findValidators.js";
import type {ExitsOutcome, RequestedExit} from "../client/outcome.js";
import type {Network} from "../consensus/networks.js";
import type {TransactionLimits} from "../execution/followTransaction.js";
import type {VaultChain} from "../execution/vaultChain.js";
import type {Wallet} from "../execution/wallet.js";
import type {ConfiguredOracles} from "../oracles/liveOracles.js";
import type {ProtocolConfig} from "../oracles/protocolConfig.js";
import type {PlannedRotation, TellRotation} from "./steps.js";

/** What a rotation works with. */
export type RotationParts = {
  readonly network: Pick<Network, "name">;
  readonly vaultChain: Pick<VaultChain, "vault" | "readVersion" | "readRotation" | "findRotation">;
  /** 20 bytes in lower-case hex with 0x. */
  readonly keeper: string;
  readonly beacon: ValidatorFinder;
  readonly oracles: ConfiguredOracles;
  readonly approvalsOf: (config: ProtocolConfig) => Approvals;
  /** The public keys of validators that the operator may ask for, in lower-case hex with 0x. */
  readonly candidates: () => readonly string[];
  /** Asks for exits on the bus, and waits. One request at a time. */
  readonly request: (exits: readonly Omit<RequestedExit, "network">[], signal: AbortSignal) => Promise<ExitsOutcome>;
  readonly wallet: Wallet;
  readonly limits: TransactionLimits;
  /** Without `watch`: how long what may pass is waited for. */
  readonly patienceMs: number;
  /** With `watch`: how often oracles are asked although their set is the same. */
  readonly askAgainMs: number;
  readonly tell: TellRotation;
  /** Whether the user agrees to what is about to be asked for and sent. */
  readonly confirm: (plan: PlannedRotation) => Promise<boolean>;
};
