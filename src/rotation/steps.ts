import type {Lacking} from "../approvals/outcome.js";
import type {RejectedExit} from "../client/outcome.js";
import type {TooDear} from "../execution/tooDear.js";
import type {TransactionStep} from "../execution/transactionSteps.js";
import type {RotationView} from "../execution/vaultChain.js";
import type {ExitId} from "../exits/exitId.js";
import type {ProtocolConfig} from "../oracles/protocolConfig.js";

/** A validator with the index that the network gave it; the key is 48 bytes in lower-case hex with 0x. */
export type ActiveValidator = {readonly publicKey: string; readonly validatorIndex: number};

/** The vault's exits that are outdated. */
export type PlannedRotation = {
  readonly view: RotationView;
  /** The config of the oracles in force, which the new exits are for. */
  readonly config: ProtocolConfig;
  /** Ours, by index. */
  readonly validators: readonly ActiveValidator[];
  /** The indexes of others: of clusters that are not the operator's, or that the beacon node does not show as the vault's. */
  readonly others: readonly number[];
  /** Indexes that only some oracles say, too few to recover an exit. */
  readonly disputed: readonly number[];
};

/** Why exits are not renewed now. */
export type RotationObstacle =
  | {readonly why: "declined"}
  /** Nobody of the operator's clusters can renew these. */
  | {readonly why: "not ours"; readonly indexes: readonly number[]}
  | ({readonly why: "fees"} & TooDear)
  /** A node or the bus does not answer; in words. */
  | {readonly why: "unavailable"; readonly error: string}
  | {readonly why: "exits"; readonly rejected: readonly RejectedExit[]; readonly missing: readonly ExitId[]}
  /** The oracles do not say what is outdated. */
  | {readonly why: "outdated unknown"; readonly lacking: Lacking<object>}
  | {readonly why: "oracles"; readonly lacking: Lacking}
  /** The contract would refuse it now, because the chain changed while it was made. */
  | {readonly why: "reverted"; readonly revert: string};

/** What a rotation does, as it does it. */
export type RotationStep =
  | {readonly step: "planned"; readonly plan: PlannedRotation}
  | {readonly step: "exits ready"; readonly validators: number; readonly ms: number}
  | {readonly step: "approved"; readonly oracles: number; readonly ms: number}
  /** Another rotation of the vault was faster: its oracles signed for a nonce that is gone. */
  | {readonly step: "overtaken"}
  /** Meanwhile other oracles are in force. */
  | {readonly step: "oracles changed"}
  | {readonly step: "rotated"; readonly hash: string; readonly publicKeys: readonly string[]; readonly left: number}
  /** Nothing is outdated; with `watch`, the next change is waited for. */
  | {readonly step: "current"; readonly oracles: number}
  | {readonly step: "obstacle"; readonly obstacle: RotationObstacle}
  | TransactionStep;

/** Told each step. */
export type TellRotation = (step: RotationStep) => void;
