import {setTimeout as delay} from "node:timers/promises";
import {payableFees, type Sending, type SentTransaction, signAndSend, withRoom} from "./sendTransaction.js";
import {dearnessOf, type TooDear} from "./tooDear.js";
import type {TellTransaction} from "./transactionSteps.js";
import type {Call, NonceUse, Wallet} from "./wallet.js";

/** What a transaction may cost, and how it is followed. */
export type TransactionLimits = {
  /** In wei: no transaction pays as much or more. */
  readonly maxFeePerGas: bigint;
  /** How many blocks have to be on top of it, its own included. */
  readonly depth: number;
  /** A transaction that is in no block after so long is replaced by one that pays more. */
  readonly stuckMs: number;
  /** How often the chain is looked at. */
  readonly lookMs: number;
};

/** What became of a transaction. A void one is in no block, but may still come into one: what is sent next takes its nonce. */
export type Followed<Why> =
  | {readonly is: "done"; readonly hash: string}
  /** It is in the chain, and did nothing. */
  | {readonly is: "failed"; readonly hash: string}
  | {readonly is: "nonce taken"}
  /** "stuck": it has to pay more, and nobody has the call. */
  | {readonly is: "void"; readonly why: Why | "stuck"; readonly sent: SentTransaction};

type Options<Why> = {
  readonly sent: SentTransaction;
  /** To send it again for more. */
  readonly call: Call | undefined;
  /** What it calls: 20 bytes in hex with 0x. */
  readonly contract: string;
  /** Whether a transaction is what was sent; by default, if the wallet sent it to the contract. */
  readonly counts?: NonceUse["counts"] | undefined;
  readonly limits: TransactionLimits;
  /** Why it can do nothing any more, if so; asked while it is in no block. */
  readonly findVoid?: ((sent: SentTransaction) => Promise<Why | undefined>) | undefined;
  /** Resolves once one that pays more is stored. */
  readonly keep?: ((sent: SentTransaction) => Promise<void>) | undefined;
  readonly tell: TellTransaction;
  readonly signal: AbortSignal;
};

/**
 * Follows a transaction until it is deep enough in the chain, or void; pays more if no block takes it. EXECUTION_UNAVAILABLE,
 * TRANSACTION_REFUSED, WALLET_EMPTY: it may be in the chain all the same.
 */
export async function followTransaction<Why = never>(wallet: Wallet, options: Options<Why>): Promise<Followed<Why>> {
  const {limits, findVoid, tell, signal, call} = options;
  let {sent} = options;
  const isOurs: NonceUse["counts"] = ({from, to}) => from === sent.wallet && to === options.contract.toLowerCase();
  const counts = options.counts ?? isOurs;
  let seen: string | undefined;
  let sentAt = performance.now();
  for (;;) {
    const found = await wallet.find({...sent, counts});
    if (found.is === "included") {
      const {hash, block, gasUsed, succeeded, depth} = found;
      if (seen !== block.hash) tell(succeeded ? {step: "included", hash, block, gasUsed} : {step: "failed", hash, block});
      seen = block.hash;
      if (depth >= limits.depth) return {is: succeeded ? "done" : "failed", hash};
    } else {
      if (seen !== undefined) tell({step: "reorganised", hash: sent.hashes.at(-1) as string});
      seen = undefined;
      if (found.is === "taken") {
        tell({step: "nonce taken", nonce: sent.nonce});
        return {is: "nonce taken"};
      }
      const why = await findVoid?.(sent);
      if (why !== undefined) {
        // Included between the two questions, it changed itself what it depends on.
        const again = await wallet.find({...sent, counts});
        if (again.is === "included") continue;
        return {is: "void", why, sent};
      }
      if (performance.now() - sentAt >= limits.stuckMs) {
        if (!call) return {is: "void", why: "stuck", sent};
        const more = await payMore(wallet, call, {...options, sent});
        if (more.is === "fees") tell({step: "fees", ...dearnessOf(more)});
        if (more.is === "signed") sent = more.sending.sent;
        sentAt = performance.now();
      }
    }
    await delay(limits.lookMs, undefined, {signal});
  }
}

type More =
  | {readonly is: "signed"; readonly sending: Sending}
  | ({readonly is: "fees"} & TooDear)
  | {readonly is: "reverted"; readonly revert: string};

/** Sends the same call with the same nonce for higher fees, unless that is more than the limit, or the call would revert by now. */
export async function payMore(
  wallet: Wallet,
  call: Call,
  {sent, limits, keep, tell}: Pick<Options<unknown>, "sent" | "limits" | "keep" | "tell">,
): Promise<More> {
  const now = await wallet.readFees();
  const fees = payableFees(now, sent.fees);
  const limit = limits.maxFeePerGas;
  if (fees.maxFeePerGas >= limit) {
    return {is: "fees", maxFeePerGas: fees.maxFeePerGas, limit, isOfReplacing: now.maxFeePerGas < limit};
  }
  const estimate = await wallet.estimate(call);
  if ("revert" in estimate) return {is: "reverted", ...estimate};
  const tx = {fees, gas: withRoom(estimate.gas), nonce: sent.nonce};
  // Refused or not, the earlier one may come into the chain: what is stored stays.
  return {is: "signed", sending: await signAndSend(wallet, call, {...tx, replaces: sent, keep, tell})};
}
