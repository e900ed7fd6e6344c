import {setTimeout as delay} from "node:timers/promises";
import type {Approvals} from "../../approvals/createApprovals.js";
import {DvtError} from "../../errors.js";
import type {TransactionLimits} from "../../execution/followTransaction.js";
import type {ManagerChain} from "../../execution/managerChain.js";
import {adviceOf, isOfChange} from "../../execution/revertAdvice.js";
import type {SentTransaction} from "../../execution/sendTransaction.js";
import {type Transacted, transact} from "../../execution/transact.js";
import type {TransactionStep} from "../../execution/transactionSteps.js";
import type {VaultView} from "../../execution/vaultChain.js";
import type {ValidatorsManager} from "../../vaults/validatorsManager.js";
import type {FollowParts} from "../follow.js";
import {followPending} from "../followPending.js";
import {findUsableAccount} from "../plan.js";
import type {WithAccount} from "../withAccount.js";
import type {Operation, OperationObstacle} from "./operation.js";

/** What an operation does, as it does it. */
export type OperationStep =
  | TransactionStep
  | {readonly step: "approved"; readonly oracles: number}
  /** The vault accepted another signature of its manager: this one is void. */
  | {readonly step: "moved"}
  | {readonly step: "obstacle"; readonly obstacle: OperationObstacle};

/** What an operation works with. */
export type OperationParts = {
  readonly vaultChain: FollowParts["vaultChain"];
  readonly chain: Pick<ManagerChain, "readRequestFee">;
  readonly manager: Pick<ValidatorsManager, "address" | "findAccount" | "readNonce">;
  readonly wallet: FollowParts["wallet"];
  /** Of the oracles' current config. */
  readonly approvals: () => Approvals;
  /** Of registrations: what one has left is followed first. */
  readonly journal: FollowParts["journal"];
  readonly tellRegistration: FollowParts["tell"];
  readonly tell: (step: OperationStep) => void;
  /** Whether the user agrees to what is about to be signed and sent. */
  readonly confirm: (planned: PlannedOperation) => Promise<boolean>;
  readonly settings: TransactionLimits & {
    /** Wei: no request pays more for its place in the queue. */
    readonly maxRequestFee: bigint;
    /** How long what may pass is waited for. */
    readonly patienceMs: number;
  };
};

/** What is about to be signed and sent. */
export type PlannedOperation = WithAccount<{
  readonly view: VaultView;
  /** 32 bytes in hex with 0x. */
  readonly nonce: string;
  /** Wei, with room for a fee that rises meanwhile; what is left comes back. */
  readonly value: bigint;
}>;

/** The transaction that did it, or why nothing did. */
export type Operated = {readonly hash: string} | OperationObstacle;

const retryMs = 1000;

/** Does an operation, and starts over from what moved. OPERATION_REVERTED if the contracts refuse it for another reason. */
export async function operate(parts: OperationParts, operation: Operation, signal: AbortSignal): Promise<Operated> {
  const {settings, tell, journal} = parts;
  const beganAt = performance.now();
  let replaces = await followEarlier(parts, signal);
  let isAgreed = false;
  for (;;) {
    const planned = await planOperation(parts, operation, signal);
    const ready = "why" in planned ? planned : {planned};
    if ("planned" in ready && !isAgreed) {
      if (!(await parts.confirm(ready.planned))) return {why: "declined"};
      isAgreed = true;
    }
    const outcome = "planned" in ready ? await attempt(parts, operation, {...ready.planned, replaces, signal}) : ready;
    if (outcome === "again") continue;
    if ("is" in outcome) {
      if (outcome.is === "void") {
        tell({step: "moved"});
        replaces = outcome.sent;
        continue;
      }
      // The nonce is used: nothing that had it can come into the chain any more.
      if (replaces) await journal.write(undefined);
      replaces = undefined;
      if (outcome.is === "done") return {hash: outcome.hash};
      continue;
    }
    tell({step: "obstacle", obstacle: outcome});
    const mayPass = outcome.why === "oracles" || outcome.why === "reverted";
    if (!mayPass || performance.now() - beganAt > settings.patienceMs) return outcome;
    await delay(retryMs, undefined, {signal});
  }
}

/** A transaction of a registration that can do nothing any more: the operation takes its nonce. */
async function followEarlier(
  {journal, tellRegistration, ...parts}: OperationParts,
  signal: AbortSignal,
): Promise<SentTransaction | undefined> {
  const pending = await journal.read();
  if (!pending) return undefined;
  const left = await followPending(
    {...parts, journal, tell: tellRegistration, signed: new Map()},
    {pending, call: undefined, signal},
  );
  return left === "registered" ? undefined : left;
}

/**
 * Checks what is asked for, and reads what is signed and paid. VAULT_INVALID, VALIDATORS_MANAGER_WRONG, EXECUTION_UNAVAILABLE,
 * CONSENSUS_UNAVAILABLE.
 */
export async function planOperation(
  {vaultChain, manager, chain, wallet, approvals, settings}: OperationParts,
  operation: Operation,
  signal: AbortSignal,
): Promise<PlannedOperation | OperationObstacle> {
  const [view, fees, fee] = await Promise.all([
    vaultChain.read(undefined),
    wallet.readFees(),
    chain.readRequestFee(operation.kind),
  ]);
  const account = await findUsableAccount(view, {vault: vaultChain.vault, manager});
  const asking = {approvals: approvals(), minOracles: view.validatorsMinOracles, signal};
  const obstacle = await operation.findObstacle(asking);
  if (obstacle) return obstacle;
  if (fees.maxFeePerGas >= settings.maxFeePerGas) {
    return {why: "fees", maxFeePerGas: fees.maxFeePerGas, limit: settings.maxFeePerGas};
  }
  if (fee > settings.maxRequestFee) return {why: "request fee", fee, limit: settings.maxRequestFee};
  return {view, account, nonce: await manager.readNonce(vaultChain.vault), value: 2n * fee * BigInt(operation.requests)};
}

type Attempt = PlannedOperation & {readonly replaces: SentTransaction | undefined; readonly signal: AbortSignal};

/** Signs, sends and follows. "again": at once, because the manager's nonce has moved. */
async function attempt(
  parts: OperationParts,
  operation: Operation,
  {view, account, value, nonce: planned, replaces, signal}: Attempt,
): Promise<Extract<Transacted<"nonce">, {is: "done" | "failed" | "void"}> | OperationObstacle | "again"> {
  const {vaultChain, manager, wallet, approvals, settings, tell} = parts;
  const {vault} = vaultChain;
  const minOracles = view.validatorsMinOracles;
  const oracleSignatures = await operation.approve({approvals: approvals(), minOracles, signal});
  if (typeof oracleSignatures !== "string") return oracleSignatures;
  if (oracleSignatures !== "0x") tell({step: "approved", oracles: minOracles});
  const managerSignature = await operation.sign({nonce: planned, account});
  const hasMoved = async () => ((await manager.readNonce(vault)) === planned ? undefined : ("nonce" as const));
  const call = operation.toCall({managerSignature, oracleSignatures, value});
  const sent = await transact<"nonce">(wallet, call, {limits: settings, replaces, findVoid: hasMoved, tell, signal});
  switch (sent.is) {
    case "reverted":
      if ((await hasMoved()) !== undefined) {
        tell({step: "moved"});
        return "again";
      }
      if (isOfChange(sent.revert)) return {why: "reverted", revert: sent.revert};
      throw new DvtError(
        "OPERATION_REVERTED",
        `${operation.kind} validators of vault ${vault}: the contract refuses: ${adviceOf(sent.revert)}`,
      );
    case "fees":
      return {why: "fees", maxFeePerGas: sent.maxFeePerGas, limit: sent.limit};
    case "nonce taken":
      // What took it may be the same, of a process that ended: nobody signs it a second time unasked.
      return {why: "nonce taken"};
    default:
      return sent;
  }
}
