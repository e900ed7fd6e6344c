import {DvtError, dispositionOf} from "../errors.js";
import {decimalText} from "../runtime/decimalText.js";
import type {Reverted} from "./reverts.js";
import type {TooDear} from "./tooDear.js";
import type {TellTransaction} from "./transactionSteps.js";
import type {Call, Fees, Wallet} from "./wallet.js";

/** A transaction that nodes may have: it is in the chain, or may come into it. */
export type SentTransaction = {
  /** 20 bytes in lower-case hex with 0x. */
  readonly wallet: string;
  readonly nonce: number;
  /** Of all transactions with this nonce, the last one sent last. */
  readonly hashes: readonly string[];
  /** In wei per gas, of the last one: whoever replaces it has to pay more. */
  readonly fees: Fees;
};

/** The earlier transaction, if the wallet's next one can take its nonce; one that is beyond all of them would wait forever. */
export const ifReplaceable = (
  earlier: SentTransaction | undefined,
  {nonce, pendingNonce}: {readonly nonce: number; readonly pendingNonce: number},
): SentTransaction | undefined =>
  earlier && nonce <= earlier.nonce && earlier.nonce <= Math.max(nonce, pendingNonce) ? earlier : undefined;

/** What a call costs at most, or why it is not sent. */
export type Priced =
  | {readonly is: "priced"; readonly gas: bigint; readonly fees: Fees}
  | ({readonly is: "reverted"} & Reverted)
  | ({readonly is: "fees"} & TooDear);

type Pricing = {
  /** The fees now. */
  readonly fees: Fees;
  /** Of the wallet, in wei. */
  readonly balance: bigint;
  /** Whose nonce it gets: it pays more than that, as far as the limit allows. */
  readonly replaces: Pick<SentTransaction, "fees"> | undefined;
  /** In wei: no transaction pays as much or more. */
  readonly maxFeePerGas: bigint;
};

/** Simulates the call, and says what it costs; WALLET_EMPTY if the wallet cannot pay for it. */
export async function priceCall(wallet: Wallet, call: Call, {balance, maxFeePerGas, ...of}: Pricing): Promise<Priced> {
  const estimate = await wallet.estimate(call);
  if ("revert" in estimate) return {is: "reverted", ...estimate};
  const raised = payableFees(of.fees, of.replaces?.fees);
  // Others may have written what it paid. If it did, nodes say that this one pays too little.
  const isBelieved = raised.maxFeePerGas < maxFeePerGas && raised.maxPriorityFeePerGas <= raised.maxFeePerGas;
  const fees = isBelieved ? raised : of.fees;
  if (fees.maxFeePerGas >= maxFeePerGas) return {is: "fees", maxFeePerGas: fees.maxFeePerGas, limit: maxFeePerGas};
  const gas = withRoom(estimate.gas);
  const most = gas * fees.maxFeePerGas + (call.value ?? 0n);
  if (balance >= most) return {is: "priced", gas, fees};
  throw new DvtError(
    "WALLET_EMPTY",
    `send a transaction: the wallet ${wallet.address} has ${coins(balance)} ETH (xDAI on Gnosis), and the transaction may cost ${coins(most)}; send it some more`,
  );
}

/** Exactly, because the two may hardly differ. */
const coins = (wei: bigint): string => decimalText(wei, 18);

/** The gas that a transaction offers: other blocks may need more than the one that it was simulated on. */
export const withRoom = (gas: bigint): bigint => (gas * 12n) / 10n;

/** "unknown": a node fell silent and may have it. The other three as a Wallet has them. */
export type Sending = {readonly sent: SentTransaction; readonly outcome: "sent" | "nonce taken" | "underpriced" | "unknown"};

type Signing = {
  readonly fees: Fees;
  readonly gas: bigint;
  readonly nonce: number;
  /** Has the same nonce. */
  readonly replaces: SentTransaction | undefined;
  /** Resolves once the transaction is stored, which is before a node has it. */
  readonly keep?: ((sent: SentTransaction) => Promise<void>) | undefined;
  /** A node refused it, and has not got it. */
  readonly forget?: (() => Promise<void>) | undefined;
  readonly tell: TellTransaction;
};

/** Signs a call, stores it, and sends it, in this order. WALLET_EMPTY, TRANSACTION_REFUSED. */
export async function signAndSend(wallet: Wallet, call: Call, {replaces, keep, forget, tell, ...of}: Signing): Promise<Sending> {
  const {fees} = of;
  const tx = await wallet.sign(call, {...fees, gas: of.gas, nonce: of.nonce});
  const hashes = withHash(replaces?.hashes ?? [], tx.hash);
  const sent: SentTransaction = {wallet: wallet.address.toLowerCase(), nonce: tx.nonce, hashes, fees};
  await keep?.(sent);
  const outcome = await wallet.send(tx).catch(async (error: unknown) => {
    if (error instanceof DvtError && dispositionOf(error) === "retry") return "unknown" as const;
    await forget?.();
    throw error;
  });
  if (outcome === "sent") tell({step: "sent", hash: tx.hash, nonce: tx.nonce, replaces: replaces !== undefined});
  return {sent, outcome};
}

/** As many as a message of a claim has. */
export const mostHashes = 16;

/**
 * The hashes with one more, up to the most. The oldest are dropped: if one of those is included after all, the
 * nonce is taken.
 */
export const withHash = (hashes: readonly string[], hash: string): string[] => [...hashes, hash].slice(-mostHashes);

/** What a node asks of a transaction that takes another's place: an eighth more of both, rounded up. */
const raised = (fee: bigint): bigint => (fee * 9n + 7n) / 8n;

/** The fees now, but at least as much as it takes to replace a transaction that pays `before`. */
export const payableFees = (now: Fees, before: Fees | undefined): Fees => ({
  maxFeePerGas: greater(now.maxFeePerGas, before && raised(before.maxFeePerGas)),
  maxPriorityFeePerGas: greater(now.maxPriorityFeePerGas, before && raised(before.maxPriorityFeePerGas)),
});

const greater = (one: bigint, other: bigint | undefined): bigint => (other !== undefined && other > one ? other : one);
