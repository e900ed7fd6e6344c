import {DvtError} from "../errors.js";
import {adviceOf, isOfChange} from "../execution/revertAdvice.js";
import {ifReplaceable, priceCall, type SentTransaction, signAndSend} from "../execution/sendTransaction.js";
import {toRegistrationCall} from "../execution/vaultCalls.js";
import type {Call} from "../execution/wallet.js";
import type {ProtocolConfig} from "../oracles/protocolConfig.js";
import {areNext} from "../registry/validatorRegistry.js";
import {encodeRegistrations} from "../vaults/vaultValidators.js";
import {withRegistration} from "./pending.js";
import type {PendingRegistration} from "./pendingRegistration.js";
import type {PlannedRegistration} from "./plannedRegistration.js";
import type {ReadyValidator} from "./readyExits.js";
import type {RegistrationParts} from "./registrationParts.js";
import {type Obstacle, toTell} from "./steps.js";
import {watchRoot} from "./watchRoot.js";
import type {WithAccount} from "./withAccount.js";

/** What came of an attempt: a transaction that nodes have, a state that is gone, or an obstacle. */
export type Attempt = {readonly sent: PendingRegistration; readonly call: Call} | "moved" | Obstacle;

type Options = {
  readonly plan: WithAccount<PlannedRegistration>;
  readonly ready: readonly ReadyValidator[];
  /** The config that their exits were split for. */
  readonly config: ProtocolConfig;
  /** A transaction that can do nothing any more, but may still be included: the new one takes its place. */
  readonly replaces: SentTransaction | undefined;
  readonly signal: AbortSignal;
};

/**
 * One registration, from reading the deposit root to the transaction: whoever deposits in between voids it, so nothing here waits for
 * anything but the oracles. REGISTRATION_REVERTED if the contracts refuse it for another reason than a moved root; errors of the wallet
 * and the nodes.
 */
export async function attempt(parts: RegistrationParts, options: Options): Promise<Attempt> {
  const {vaultChain, settings, tell} = parts;
  const beganAt = performance.now();
  const depositRoot = await vaultChain.readDepositRoot();
  const startIndex = options.ready[0]?.validatorIndex as number;
  tell({step: "root read", depositRoot, startIndex});
  const root = watchRoot(vaultChain, {depositRoot, lookMs: settings.lookMs});
  try {
    return await attemptAt(parts, {...options, depositRoot, startIndex, beganAt, moved: root.moved});
  } finally {
    await root.stop();
  }
}

type AtRoot = Options & {
  readonly depositRoot: string;
  readonly startIndex: number;
  /** A time of performance.now(). */
  readonly beganAt: number;
  readonly moved: AbortSignal;
};

async function attemptAt(parts: RegistrationParts, at: AtRoot): Promise<Attempt> {
  const {vaultChain, wallet, journal, settings, tell} = parts;
  const {ready, depositRoot, moved, signal, beganAt} = at;
  const both = AbortSignal.any([moved, signal]);
  // The registry is asked after the root was read: what it does not have by then, the root does not cover.
  const [approval, isNext, fees, {balance, ...nonces}] = await Promise.all([
    approve(parts, at, both),
    areNext(
      parts.registry,
      ready.map(({publicKey}) => publicKey),
      at.startIndex,
    ),
    wallet.readFees(),
    wallet.read(),
  ]);
  if (signal.aborted) throw signal.reason;
  const startOver = (what: "the deposit root" | "the next index"): "moved" => {
    tell({step: "moved", what});
    return "moved";
  };
  if (!isNext) return startOver("the next index");
  if (approval === "moved") return startOver("the deposit root");
  if (!("call" in approval)) return approval;
  const {call, deadline} = approval;
  const replaces = ifReplaceable(at.replaces, nonces);
  const nonce = replaces?.nonce ?? nonces.nonce;
  const priced = await priceCall(wallet, call, {fees, balance, replaces, maxFeePerGas: settings.maxFeePerGas});
  if (priced.is === "reverted") {
    if (priced.revert === "InvalidValidatorsRegistryRoot") return startOver("the deposit root");
    if (isOfChange(priced.revert)) return {why: "reverted", revert: priced.revert};
    throw new DvtError(
      "REGISTRATION_REVERTED",
      `register validators of vault ${vaultChain.vault}: the contract refuses: ${adviceOf(priced.revert)}`,
    );
  }
  if (priced.is === "fees") return {why: "fees", maxFeePerGas: priced.maxFeePerGas, limit: priced.limit};
  const toPending = (sent: SentTransaction): PendingRegistration => ({
    ...sent,
    depositRoot,
    deadline,
    publicKeys: ready.map(({publicKey}) => publicKey),
  });
  const before = await journal.read();
  const {sent, outcome} = await signAndSend(wallet, call, {
    fees: priced.fees,
    gas: priced.gas,
    nonce,
    replaces,
    keep: (tx) => journal.write(withRegistration(before, toPending(tx))),
    forget: () => journal.write(before),
    tell: toTell(tell, () => Math.round(performance.now() - beganAt)),
  });
  if (outcome === "underpriced") tell({step: "underpriced", nonce});
  // Whatever a node answered: following it finds out what has the nonce.
  return {sent: toPending(sent), call};
}

/** Asks the manager and the oracles; the vault's call with what they signed. */
async function approve(
  {vaultChain, manager, settings, approvalsOf, tell}: RegistrationParts,
  {plan, ready, config, depositRoot, startIndex, moved, beganAt}: AtRoot,
  signal: AbortSignal,
): Promise<{call: Call; deadline: number} | "moved" | Obstacle> {
  const {vault} = vaultChain;
  const {validatorType} = settings;
  const registrations = ready.map(({publicKey, deposit, depositSignature, shards}) => ({
    publicKey,
    amount: deposit.amount,
    depositSignature,
    publicKeyShards: shards.public_keys,
    exitSignatureShards: shards.encrypted_exit_signatures,
  }));
  const validators = encodeRegistrations(vault, validatorType, registrations);
  const {account} = plan;
  const managerSignature = await manager.signRegistration(vault, validatorType, registrations, {depositRoot, account});
  const request = {
    vault,
    validatorsRegistryRoot: depositRoot,
    validatorIndex: startIndex,
    validatorType,
    registrations,
    validators,
    managerSignature,
    deadline: Math.floor(Date.now() / 1000) + config.signatureValidityS,
  };
  const minOracles = plan.view.validatorsMinOracles;
  const asking = approvalsOf(config).approveRegistration(request, {minOracles, signal});
  const answer = await asking.catch((error: unknown) => {
    if (moved.aborted) return "moved" as const;
    throw error;
  });
  if (answer === "moved") return "moved";
  if (answer.outcome === "lacking") return moved.aborted ? "moved" : {why: "oracles", lacking: answer};
  tell({step: "approved", oracles: minOracles, ms: Math.round(performance.now() - beganAt)});
  const call = toRegistrationCall({
    vault,
    harvest: plan.harvest,
    validatorsRegistryRoot: depositRoot,
    validators,
    approval: answer,
    managerSignature,
  });
  return {call, deadline: answer.deadline};
}
