import {setTimeout as delay} from "node:timers/promises";
import {DvtError, dispositionOf} from "../errors.js";
import {type Followed, followTransaction, payMore, type TransactionLimits} from "./followTransaction.js";
import type {Reverted} from "./reverts.js";
import {ifReplaceable, priceCall, type SentTransaction, signAndSend} from "./sendTransaction.js";
import type {TooDear} from "./tooDear.js";
import type {TellTransaction} from "./transactionSteps.js";
import type {Call, Wallet} from "./wallet.js";

/** What became of a call. "reverted" and "fees": nothing is sent; a contract refuses it now, or gas costs too much. */
export type Transacted<Why> = Followed<Why> | ({readonly is: "reverted"} & Reverted) | ({readonly is: "fees"} & TooDear);

type Options<Why> = {
  readonly limits: TransactionLimits;
  /** Why the call can do nothing any more, if so; asked while it is in no block. */
  readonly findVoid?: ((sent: SentTransaction) => Promise<Why | undefined>) | undefined;
  /** One that can do nothing any more, but may still be included: this one takes its nonce, if the wallet's next one can. */
  readonly replaces?: SentTransaction | undefined;
  /** Resolves once the transaction is stored, which is before a node has it; by default nothing of it is. */
  readonly keep?: ((sent: SentTransaction) => Promise<void>) | undefined;
  /** No node has the one that was stored. */
  readonly forget?: (() => Promise<void>) | undefined;
  readonly tell: TellTransaction;
  readonly signal: AbortSignal;
};

/**
 * Sends a call, and follows it until it is deep enough in the chain. A transaction of an earlier process that has the wallet's next nonce
 * is replaced, so a wallet is for one process at a time. WALLET_EMPTY, TRANSACTION_REFUSED; EXECUTION_UNAVAILABLE before it is sent, later
 * it waits for a node; what `keep` throws.
 */
export async function transact<Why = never>(wallet: Wallet, call: Call, options: Options<Why>): Promise<Transacted<Why>> {
  const {limits, keep, forget, tell, signal} = options;
  const [now, {balance, ...nonces}] = await Promise.all([wallet.readFees(), wallet.read()]);
  const replaces = ifReplaceable(options.replaces, nonces);
  const priced = await priceCall(wallet, call, {fees: now, balance, replaces, maxFeePerGas: limits.maxFeePerGas});
  if (priced.is !== "priced") return priced;
  const {fees, gas} = priced;
  const nonce = replaces?.nonce ?? nonces.nonce;
  let sending = await signAndSend(wallet, call, {fees, gas, nonce, replaces, keep, forget, tell});
  // Somebody's with this nonce is pending, for a fee that a node does not tell.
  if (sending.outcome === "underpriced") tell({step: "underpriced", nonce});
  while (sending.outcome === "underpriced") {
    signal.throwIfAborted();
    const more = await payMore(wallet, call, {sent: sending.sent, limits, keep, tell});
    if (more.is !== "signed") return more;
    ({sending} = more);
  }
  return followPatiently(wallet, call, sending.sent, options);
}

/** What ends nothing: no node answers, or none takes a transaction that pays more. The one that was sent may be included all the same. */
const mayPass = (error: unknown): error is DvtError =>
  error instanceof DvtError &&
  (dispositionOf(error) === "retry" || error.code === "TRANSACTION_REFUSED" || error.code === "WALLET_EMPTY");

/** Nobody else would look for it: a node that does not answer is asked again. */
async function followPatiently<Why>(wallet: Wallet, call: Call, sent: SentTransaction, options: Options<Why>) {
  let isTold = false;
  let last = sent;
  let before = sent;
  const keep = async (raised: SentTransaction) => {
    await options.keep?.(raised);
    before = last;
    last = raised;
  };
  const asked: Wallet = {
    ...wallet,
    async find(use) {
      const found = await wallet.find(use);
      isTold = false;
      return found;
    },
  };
  for (;;) {
    try {
      return await followTransaction(asked, {...options, sent: last, call, contract: call.to, keep});
    } catch (error) {
      if (options.signal.aborted || !mayPass(error)) throw error;
      // Nobody has the one that pays more: the next one has to pay more than the one before it.
      if (dispositionOf(error) !== "retry") last = {...last, fees: before.fees};
      if (!isTold) options.tell({step: "unavailable", error: error.message});
      isTold = true;
      await delay(options.limits.lookMs, undefined, {signal: options.signal});
    }
  }
}
