import type {Approvals} from "../../approvals/createApprovals.js";
import type {Lacking} from "../../approvals/outcome.js";
import type {TooDear} from "../../execution/tooDear.js";
import type {Call} from "../../execution/wallet.js";
import type {RefusedKey} from "../../vaults/findRefused.js";
import type {AtNonce} from "../../vaults/validatorsManager.js";

/** Why an operation is not done now. The first two do not pass by themselves. */
export type OperationObstacle =
  | {readonly why: "refused"; readonly refused: readonly RefusedKey[]}
  | {readonly why: "declined"}
  | ({readonly why: "fees"} & TooDear)
  /** Wei for one request in the queue. */
  | {readonly why: "request fee"; readonly fee: bigint; readonly limit: bigint}
  | {readonly why: "oracles"; readonly lacking: Lacking<object>}
  | {readonly why: "reverted"; readonly revert: string}
  /** Another transaction of the wallet may have done it already. */
  | {readonly why: "nonce taken"};

/** What the oracles are asked with. */
export type Asking = {readonly approvals: Approvals; readonly minOracles: number; readonly signal: AbortSignal};

/** Something that the vault does with its registered validators if the manager signs it, and whose requests wait in a queue. */
export type Operation = {
  readonly kind: "withdraw" | "consolidate";
  /** How many requests it makes. */
  readonly requests: number;
  /** Looks at the files, the rules, the chain and the oracles. CONSENSUS_UNAVAILABLE, EXECUTION_UNAVAILABLE. */
  findObstacle(asking: Asking): Promise<OperationObstacle | undefined>;
  /** What the oracles sign for it, in hex with 0x: `0x` if it needs nothing. */
  approve(asking: Asking): Promise<string | OperationObstacle>;
  sign(at: AtNonce): Promise<string>;
  /** `value`: wei for the requests. */
  toCall(signed: {readonly managerSignature: string; readonly oracleSignatures: string; readonly value: bigint}): Call;
};
