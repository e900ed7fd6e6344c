import {setTimeout as delay} from "node:timers/promises";
import type {Approvals} from "../../approvals/createApprovals.js";
import {DvtError} from "../../errors.js";
import type {TransactionLimits} from "../../execution/followTransaction.js";
import type {ManagerChain} from "../../execution/managerChain.js";
import {adviceOf, isOfChange} from "../../execution/revertAdvice.js";
import type {SentTransaction} from "../../execution/sendTransaction.js";
import {dearnessOf} from "../../execution/tooDear.js";
import type {TransactionStep} from "../../execution/transactionSteps.js";
import type {VaultView} from "../../execution/vaultChain.js";
import {asksForSame, readRequest} from "../../execution/vaultRequest.js";
import type {ValidatorsManager} from "../../vaults/validatorsManager.js";
import type {FollowParts} from "../follow.js";
import {followPending, tellFollowing} from "../followPending.js";
import {findUsableAccount} from "../plan.js";
import {type EarlierStep, settleOperation} from "../settleOperation.js";
import {transactSigned} from "../transactSigned.js";
import type {WithAccount} from "../withAccount.js";
import type {Operation, OperationObstacle} from "./operation.js";

/** What an operation does, as it does it. */
export type OperationStep =
  | TransactionStep
  | {readonly step: "approved"; readonly oracles: number}
  /** The vault accepted another signature of its manager: this one is void. */
  | {readonly step: "moved"}
  | {readonly step: "earlier"; readonly earlier: EarlierStep}
  /** It is deep enough in the chain, and still in the journal. */
  | {readonly step: "done"; readonly hash: string}
  | {readonly step: "obstacle"; readonly obstacle: OperationObstacle};

/** What an operation works with. */
export type OperationParts = {
  readonly vaultChain: FollowParts["vaultChain"];
  readonly chain: Pick<ManagerChain, "readRequestFee">;
  readonly manager: Pick<ValidatorsManager, "address" | "findAccount" | "readNonce">;
  readonly wallet: FollowParts["wallet"];
  /** Of the oracles' current config. */
  readonly approvals: () => Approvals;
  /** What is pending in it is followed first. */
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

/**
 * Does an operation, unless an earlier command has done the same and did not live to say so; starts over from what moved.
 * OPERATION_REVERTED if the contracts refuse it for another reason.
 */
export async function operate(parts: OperationParts, operation: Operation, signal: AbortSignal): Promise<Operated> {
  const {settings, tell, journal} = parts;
  const beganAt = performance.now();
  const asked = readRequest(operation.toCall({managerSignature: "0x", oracleSignatures: "0x", value: 0n}));
  const end = (hash: string): Operated => {
    tell({step: "done", hash});
    return {hash};
  };
  let isAgreed = false;
  await followRegistration(parts, signal);
  for (let isFirst = true; ; isFirst = false) {
    const earlier = await settleOperation(parts, {isFirst, signal});
    if (earlier.is === "done" && asksForSame(asked, earlier.request)) return end(earlier.hash);
    const planned = earlier.is === "unknown" ? nonceTaken : await planOperation(parts, operation, signal);
    const ready = "why" in planned ? planned : {planned};
    if ("planned" in ready && !isAgreed) {
      if (!(await parts.confirm(ready.planned))) return {why: "declined"};
      isAgreed = true;
    }
    const replaces = ("replaces" in earlier && earlier.replaces) || (await journal.read()).registration;
    const outcome = "planned" in ready ? await attempt(parts, operation, {...ready.planned, replaces, signal}) : ready;
    if ("is" in outcome) {
      if (outcome.is === "moved") tell({step: "moved"});
      if (outcome.is !== "done") continue;
      // Told first: whoever runs it again after that wants it twice.
      const ended = end(outcome.hash);
      await journal.write({});
      return ended;
    }
    tell({step: "obstacle", obstacle: outcome});
    const mayPass = outcome.why === "oracles" || outcome.why === "reverted";
    if (!mayPass || performance.now() - beganAt > settings.patienceMs) return outcome;
    await delay(retryMs, undefined, {signal});
  }
}

/** What has the nonce may be the same, of a process that ended: nobody signs it a second time unasked. */
const nonceTaken: OperationObstacle = {why: "nonce taken"};

/** One that can do nothing any more stays in the journal: the operation takes its nonce. */
async function followRegistration({journal, tellRegistration, ...parts}: OperationParts, signal: AbortSignal): Promise<void> {
  const {registration: pending} = await journal.read();
  if (!pending) return;
  tellFollowing({wallet: parts.wallet, tell: tellRegistration}, pending);
  await followPending({...parts, journal, tell: tellRegistration, signed: new Map()}, {pending, call: undefined, signal});
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

/** Signs, sends and follows. */
async function attempt(
  parts: OperationParts,
  operation: Operation,
  {view, account, value, nonce, replaces, signal}: Attempt,
): Promise<Exclude<Awaited<ReturnType<typeof transactSigned>>, {is: "reverted" | "fees"}> | OperationObstacle> {
  const {approvals, tell} = parts;
  const minOracles = view.validatorsMinOracles;
  const oracleSignatures = await operation.approve({approvals: approvals(), minOracles, signal});
  if (typeof oracleSignatures !== "string") return oracleSignatures;
  if (oracleSignatures !== "0x") tell({step: "approved", oracles: minOracles});
  const sign = async () => operation.toCall({managerSignature: await operation.sign({nonce, account}), oracleSignatures, value});
  const sent = await transactSigned(parts, {nonce, sign, replaces, tell, signal});
  switch (sent.is) {
    case "reverted":
      if (isOfChange(sent.revert)) return {why: "reverted", revert: sent.revert};
      throw new DvtError(
        "OPERATION_REVERTED",
        `${operation.kind} validators of vault ${parts.vaultChain.vault}: the contract refuses: ${adviceOf(sent.revert)}`,
      );
    case "fees":
      return {why: "fees", ...dearnessOf(sent)};
    default:
      return sent;
  }
}
