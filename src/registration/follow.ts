import {setTimeout as delay} from "node:timers/promises";
import type {Call} from "../execution/wallet.js";
import {orUnknown, payableFees} from "./attempt.js";
import {type PendingRegistration, withHash} from "./pendingRegistration.js";
import type {RegistrationParts} from "./registrationParts.js";

/** What became of a registration. A void one is to be replaced: its nonce is not used yet. */
export type Followed =
  | {readonly is: "registered"; readonly hash: string}
  | {readonly is: "failed" | "nonce taken"}
  | {readonly is: "void"; readonly pending: PendingRegistration};

type Options = {
  readonly pending: PendingRegistration;
  /** To send it again for more; undefined after a restart. */
  readonly call: Call | undefined;
  readonly signal: AbortSignal;
};

/** Follows a transaction until it is deep enough in the chain, or void; pays more if no block takes it. */
export async function follow(parts: RegistrationParts, {pending: first, call, signal}: Options): Promise<Followed> {
  const {wallet, vaultChain, settings, tell} = parts;
  let pending = first;
  let seen: string | undefined;
  let sentAt = performance.now();
  for (;;) {
    const found = await wallet.find(pending.hashes, pending.nonce);
    if (found.is === "included") {
      const {hash, block, gasUsed, succeeded, depth} = found;
      if (seen !== block.hash) tell(succeeded ? {step: "included", hash, block, gasUsed} : {step: "failed", hash, block});
      seen = block.hash;
      if (depth >= settings.depth) return succeeded ? {is: "registered", hash} : {is: "failed"};
    } else {
      if (seen !== undefined) tell({step: "reorganised", hash: pending.hashes.at(-1) as string});
      seen = undefined;
      if (found.is === "taken") {
        tell({step: "nonce taken", nonce: pending.nonce});
        return {is: "nonce taken"};
      }
      if (pending.deadline * 1000 <= Date.now()) return {is: "void", pending};
      if ((await vaultChain.readDepositRoot()) !== pending.depositRoot) {
        // Included between the two questions, it moved the root itself.
        const again = await wallet.find(pending.hashes, pending.nonce);
        if (again.is !== "included") {
          tell({step: "moved", what: "the deposit root"});
          return {is: "void", pending};
        }
        continue;
      }
      if (performance.now() - sentAt >= settings.stuckMs) {
        // After a restart nobody has the call any more: a new registration takes its nonce.
        if (!call) return {is: "void", pending};
        pending = await payMore(parts, pending, call);
        sentAt = performance.now();
      }
    }
    await delay(settings.lookMs, undefined, {signal});
  }
}

/** Sends the same call once more for higher fees, unless that is more than the limit. */
async function payMore(
  {wallet, journal, settings, tell}: RegistrationParts,
  pending: PendingRegistration,
  call: Call,
): Promise<PendingRegistration> {
  const fees = payableFees(await wallet.readFees(), pending.fees);
  if (fees.maxFeePerGas >= settings.maxFeePerGas) {
    tell({step: "obstacle", obstacle: {why: "fees", maxFeePerGas: fees.maxFeePerGas, limit: settings.maxFeePerGas}});
    return pending;
  }
  const estimate = await wallet.estimate(call);
  if ("revert" in estimate) return pending;
  const tx = await wallet.sign(call, {...fees, gas: (estimate.gas * 12n) / 10n, nonce: pending.nonce});
  const raised = {...pending, fees, hashes: withHash(pending.hashes, tx.hash)};
  await journal.write(raised);
  const outcome = await wallet.send(tx).catch(orUnknown);
  if (outcome === "sent") tell({step: "sent", hash: tx.hash, nonce: tx.nonce, replaces: true, windowMs: 0});
  return raised;
}
