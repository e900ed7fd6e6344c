import {DvtError} from "../errors.js";
import {adviceOf, isOfChange} from "../execution/revertAdvice.js";
import type {SentTransaction} from "../execution/sendTransaction.js";
import {transact} from "../execution/transact.js";
import {toFundingCall} from "../execution/vaultCalls.js";
import type {KeyAmount, ManagerAccount} from "../vaults/validatorsManager.js";
import {type VaultRules, whyNotTogether} from "../vaults/vaultRules.js";
import {encodeFundings} from "../vaults/vaultValidators.js";
import type {PlannedTopUps} from "./plannedTopUps.js";
import type {RegistrationParts} from "./registrationParts.js";
import {type Obstacle, toTell} from "./steps.js";
import {readHarvest} from "./vaultState.js";
import type {WithAccount} from "./withAccount.js";

/** As many as StakeWise's operator tops up with one transaction. */
const mostAtOnce = 10;

type Options = {
  /** A transaction that can do nothing any more: the first top-up takes its nonce. */
  readonly replaces: SentTransaction | undefined;
  readonly signal: AbortSignal;
};

/** "done", or what stopped it: then nothing is registered before it was planned anew. `replaces`: likewise. */
export type ToppedUp = {readonly outcome: "done" | "again" | Obstacle; readonly replaces: SentTransaction | undefined};

/** Makes top-ups, a transaction for up to ten. OPERATION_REVERTED if the contract refuses one for another reason than a change. */
export async function topUp(
  parts: RegistrationParts,
  {topUps, harvest, account}: WithAccount<PlannedTopUps>,
  {replaces: first, signal}: Options,
): Promise<ToppedUp> {
  const {journal, rules, tell} = parts;
  let replaces = first;
  for (const [position, chunk] of toChunks(topUps, rules).entries()) {
    // The first transaction took the rewards.
    const rewards = position === 0 ? harvest : await readHarvest(parts);
    const sent = await sendTopUp(parts, chunk, {rewards, account, replaces, signal});
    switch (sent.is) {
      case "void":
        return {outcome: "again", replaces: sent.sent};
      case "fees":
        return {outcome: {why: "fees", maxFeePerGas: sent.maxFeePerGas, limit: sent.limit}, replaces};
      case "reverted":
        return {outcome: isOfChange(sent.revert) ? {why: "reverted", revert: sent.revert} : refuse(parts, sent.revert), replaces};
      default:
        // The nonce is used: what had it can do nothing any more.
        if (replaces) await journal.write(undefined);
        replaces = undefined;
        if (sent.is !== "done") return {outcome: "again", replaces};
        tell({step: "topped up", hash: sent.hash, topUps: chunk});
    }
  }
  return {outcome: "done", replaces};
}

type Sending = Options & {readonly rewards: PlannedTopUps["harvest"]; readonly account: ManagerAccount};

async function sendTopUp(
  {vaultChain: {vault}, manager, wallet, settings, tell}: RegistrationParts,
  chunk: readonly KeyAmount[],
  {rewards, account, replaces, signal}: Sending,
) {
  const nonce = await manager.readNonce(vault);
  const managerSignature = await manager.signFunding(vault, chunk, {nonce, account});
  const call = toFundingCall({vault, validators: encodeFundings(vault, chunk), managerSignature}, rewards);
  const findVoid = async () => ((await manager.readNonce(vault)) === nonce ? undefined : ("nonce" as const));
  const sent = await transact<"nonce">(wallet, call, {
    limits: settings,
    replaces,
    findVoid,
    tell: toTell(tell, () => undefined),
    signal,
  });
  // Signed for a nonce that is over: nothing is wrong with it.
  return sent.is === "reverted" && (await findVoid()) !== undefined ? ({is: "failed"} as const) : sent;
}

function refuse({vaultChain: {vault}}: RegistrationParts, revert: string): never {
  throw new DvtError("OPERATION_REVERTED", `top up validators of vault ${vault}: the contract refuses: ${adviceOf(revert)}`);
}

/** A signature for some numbers of keys could exit validators. */
function toChunks(topUps: readonly KeyAmount[], rules: VaultRules): KeyAmount[][] {
  const chunks: KeyAmount[][] = [];
  for (let from = 0; from < topUps.length; ) {
    const most = Math.min(mostAtOnce, topUps.length - from);
    const count = whyNotTogether(rules, "fund", most) === undefined ? most : most - 1;
    chunks.push(topUps.slice(from, from + count));
    from += count;
  }
  return chunks;
}
