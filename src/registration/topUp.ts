import {DvtError} from "../errors.js";
import {adviceOf, isOfChange} from "../execution/revertAdvice.js";
import type {SentTransaction} from "../execution/sendTransaction.js";
import {dearnessOf} from "../execution/tooDear.js";
import {toFundingCall} from "../execution/vaultCalls.js";
import type {KeyAmount, ManagerAccount} from "../vaults/validatorsManager.js";
import {type VaultRules, whyNotTogether} from "../vaults/vaultRules.js";
import {encodeFundings} from "../vaults/vaultValidators.js";
import type {PlannedTopUps} from "./plannedTopUps.js";
import type {RegistrationParts} from "./registrationParts.js";
import {type Obstacle, toTell} from "./steps.js";
import {transactSigned} from "./transactSigned.js";
import {readHarvest} from "./vaultState.js";
import type {WithAccount} from "./withAccount.js";

/** As many as StakeWise's operator tops up with one transaction. */
const mostAtOnce = 10;

type Options = {
  /** A transaction that can do nothing any more, or is not to: the first top-up takes its nonce. */
  readonly replaces: SentTransaction | undefined;
  readonly signal: AbortSignal;
};

/**
 * Makes top-ups, a transaction for up to ten. "again", or an obstacle: nothing is registered before it was planned anew. OPERATION_REVERTED if the
 * contract refuses one for another reason than a change.
 */
export async function topUp(
  parts: RegistrationParts,
  {topUps, harvest, account}: WithAccount<PlannedTopUps>,
  {replaces: first, signal}: Options,
): Promise<"done" | "again" | Obstacle> {
  const {journal, rules, tell} = parts;
  let replaces = first;
  for (const [position, chunk] of toChunks(topUps, rules).entries()) {
    // The first transaction took the rewards.
    const rewards = position === 0 ? harvest : await readHarvest(parts);
    const sent = await sendTopUp(parts, chunk, {rewards, account, replaces, signal});
    switch (sent.is) {
      case "done":
        replaces = undefined;
        tell({step: "topped up", hash: sent.hash, topUps: chunk});
        await journal.write({});
        break;
      case "fees":
        return {why: "fees", ...dearnessOf(sent)};
      case "reverted":
        return isOfChange(sent.revert) ? {why: "reverted", revert: sent.revert} : refuse(parts, sent.revert);
      default:
        return "again";
    }
  }
  return "done";
}

type Sending = Options & {readonly rewards: PlannedTopUps["harvest"]; readonly account: ManagerAccount};

async function sendTopUp(parts: RegistrationParts, chunk: readonly KeyAmount[], {rewards, account, replaces, signal}: Sending) {
  const {manager, tell} = parts;
  const {vault} = parts.vaultChain;
  return transactSigned(parts, {
    nonce: await manager.readNonce(vault),
    async sign(nonce) {
      const managerSignature = await manager.signFunding(vault, chunk, {nonce, account});
      return toFundingCall({vault, validators: encodeFundings(vault, chunk), managerSignature}, rewards);
    },
    replaces,
    tell: toTell(tell, () => undefined),
    signal,
  });
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
