import type {SentTransaction} from "../execution/sendTransaction.js";
import {type Transacted, transact} from "../execution/transact.js";
import type {TellTransaction} from "../execution/transactionSteps.js";
import type {Call} from "../execution/wallet.js";
import {withOperation} from "./pending.js";
import type {SettleParts} from "./settleOperation.js";

type Signing = {
  /** The manager's, in hex with 0x. */
  readonly nonce: string;
  /** With the manager's signature for it. */
  readonly sign: (nonce: string) => Promise<Call>;
  /** A transaction that can do nothing any more, or is not to: this one takes its nonce. */
  readonly replaces: SentTransaction | undefined;
  readonly tell: TellTransaction;
  readonly signal: AbortSignal;
};

/**
 * Sends a call that the manager signs for its nonce, and follows it; it is in the journal before it is sent, and stays there. "moved": the
 * nonce is over, and the journal has to be settled before anything is signed for the next one. Errors of the wallet and the nodes.
 */
export async function transactSigned(
  {wallet, manager, journal, vaultChain, settings}: Omit<SettleParts, "tell">,
  {nonce, sign, replaces, tell, signal}: Signing,
): Promise<Exclude<Transacted<"moved">, {is: "void"}> | {readonly is: "moved"}> {
  const before = await journal.read();
  // What is in the journal may be what moved the nonce.
  if (before.operation && before.operation.managerNonce !== nonce) return {is: "moved"};
  const findVoid = async () => ((await manager.readNonce(vaultChain.vault)) === nonce ? undefined : ("moved" as const));
  const sent = await transact<"moved">(wallet, await sign(nonce), {
    limits: settings,
    replaces: replaces && {...replaces, hashes: []},
    findVoid,
    keep: (operation) => journal.write(withOperation(before, {...operation, managerNonce: nonce})),
    forget: () => journal.write(before),
    tell,
    signal,
  });
  switch (sent.is) {
    case "void":
      return {is: "moved"};
    case "reverted":
      return (await findVoid()) === undefined ? sent : {is: "moved"};
    case "failed":
    case "nonce taken":
      // What had the nonce can do nothing any more.
      if (replaces) await journal.write({operation: (await journal.read()).operation});
      return sent;
    default:
      return sent;
  }
}
