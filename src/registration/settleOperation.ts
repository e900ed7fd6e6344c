import {setTimeout as delay} from "node:timers/promises";
import {followTransaction, type TransactionLimits} from "../execution/followTransaction.js";
import {mostHashes, type SentTransaction} from "../execution/sendTransaction.js";
import type {TransactionStep} from "../execution/transactionSteps.js";
import {readRequest, type VaultRequest} from "../execution/vaultRequest.js";
import type {NonceUse, Wallet} from "../execution/wallet.js";
import type {ValidatorsManager} from "../vaults/validatorsManager.js";
import type {Journal} from "./journal.js";

/** What is found out about an operation in the journal. */
export type EarlierStep =
  | TransactionStep
  | {readonly step: "following"; readonly hash: string}
  /** `request`: what it did; undefined: its nonce went to another transaction, this one. */
  | {readonly step: "done"; readonly hash: string; readonly request: VaultRequest | undefined}
  /** The vault accepted another signature of its manager: it did nothing, and can do nothing any more. */
  | {readonly step: "void"; readonly hash: string}
  /** No block takes it. `isOurs`: the next transaction takes its nonce. */
  | {readonly step: "stuck"; readonly hash: string; readonly isOurs: boolean}
  /** Something that is not known was sent in its place, and the vault accepted a signature. */
  | {readonly step: "unknown"; readonly hash: string};

/** What settling works with. */
export type SettleParts = {
  readonly vaultChain: {readonly vault: string};
  readonly wallet: Wallet;
  readonly manager: Pick<ValidatorsManager, "readNonce">;
  readonly journal: Journal;
  readonly settings: TransactionLimits;
  readonly tell: (step: {readonly step: "earlier"; readonly earlier: EarlierStep}) => void;
};

/** What is left of an operation: nothing; what it did; nobody knows; or a nonce of this wallet that the next transaction has to take. */
export type Settled =
  | {readonly is: "settled"; readonly replaces?: SentTransaction}
  | {readonly is: "done"; readonly request: VaultRequest | undefined; readonly hash: string}
  | {readonly is: "unknown"};

type Options = {
  /** A command's first look: it is followed for a while, and all is told. */
  readonly isFirst: boolean;
  readonly signal: AbortSignal;
};

/**
 * Finds out what became of the operation in the journal, and removes it once the vault cannot accept it any more. What stays there
 * has the manager's nonce of now: whatever is signed for that nonce too, the vault accepts one of them.
 */
export async function settleOperation(parts: SettleParts, {isFirst, signal}: Options): Promise<Settled> {
  const {journal, wallet, manager, vaultChain, settings} = parts;
  const before = await journal.read();
  const {operation} = before;
  if (!operation) return {is: "settled"};
  const hash = operation.hashes.at(-1) as string;
  const tell = (earlier: EarlierStep): void => parts.tell({step: "earlier", earlier});
  const tellFirst = isFirst ? tell : () => {};
  const isOurs = operation.wallet === wallet.address.toLowerCase();
  const hasMoved = async (depth?: number) => (await manager.readNonce(vaultChain.vault, depth)) !== operation.managerNonce;
  const findVoid = async () => {
    // A reorganisation could bring it back, and nothing of this wallet takes its nonce: it has to be as deep as a transaction.
    while (!isOurs && (await hasMoved()) && !(await hasMoved(settings.depth))) await delay(settings.lookMs, undefined, {signal});
    return (await hasMoved()) ? ("the manager's nonce" as const) : undefined;
  };
  const forget = () => journal.write({registration: before.registration});
  const toUnknown = async () => {
    tell({step: "unknown", hash});
    await forget();
    return {is: "unknown"} as const;
  };

  // The hashes may be of several wallets, whose requests the manager signed for one nonce.
  const counts: NonceUse["counts"] = async (mined) =>
    mined.to === vaultChain.vault &&
    (mined.from === operation.wallet || readRequest(await wallet.readCall(mined.hash)) !== undefined);

  tellFirst({step: "following", hash});
  const followed = await followTransaction(wallet, {
    sent: operation,
    call: undefined,
    contract: vaultChain.vault,
    counts,
    limits: {...settings, stuckMs: isFirst ? settings.stuckMs : 0},
    findVoid,
    tell: tellFirst,
    signal,
  });
  switch (followed.is) {
    case "done": {
      const request = readRequest(await wallet.readCall(followed.hash));
      tell({step: "done", hash: followed.hash, request});
      await forget();
      return {is: "done", hash: followed.hash, request};
    }
    case "failed":
    case "nonce taken":
      // Another wallet's may still come.
      if (!(await hasMoved())) return {is: "settled"};
      if (followed.is === "nonce taken") return toUnknown();
      await forget();
      return {is: "settled"};
    case "void": {
      // Hashes are followed together: those of this wallet's nonce are no transaction of the next call.
      const replaces = isOurs && {replaces: {...operation, hashes: []}};
      if (followed.why === "stuck") tellFirst({step: "stuck", hash, isOurs});
      else if (operation.hashes.length >= mostHashes) return toUnknown();
      else {
        tellFirst({step: "void", hash});
        await forget();
      }
      return {is: "settled", ...replaces};
    }
  }
}
