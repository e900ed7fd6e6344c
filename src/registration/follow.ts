import {type Followed, followTransaction, type TransactionLimits} from "../execution/followTransaction.js";
import type {Call} from "../execution/wallet.js";
import {withRegistration} from "./pending.js";
import type {PendingRegistration} from "./pendingRegistration.js";
import type {RegistrationParts} from "./registrationParts.js";
import {toTell} from "./steps.js";

/** What following a registration works with. */
export type FollowParts = Pick<RegistrationParts, "wallet" | "vaultChain" | "journal" | "tell"> & {
  readonly settings: TransactionLimits;
};

type Options = {
  readonly pending: PendingRegistration;
  /** To send it again for more; undefined after a restart. */
  readonly call: Call | undefined;
  readonly signal: AbortSignal;
};

/** Follows a registration; it is void after the oracles' deadline, and once somebody else deposited. */
export async function follow(
  {wallet, vaultChain, journal, settings, tell}: FollowParts,
  {pending, call, signal}: Options,
): Promise<Followed<"the deadline" | "the deposit root">> {
  const followed = await followTransaction<"the deadline" | "the deposit root">(wallet, {
    sent: pending,
    call,
    contract: vaultChain.vault,
    limits: settings,
    async findVoid() {
      if (pending.deadline * 1000 <= Date.now()) return "the deadline";
      return (await vaultChain.readDepositRoot()) === pending.depositRoot ? undefined : "the deposit root";
    },
    keep: async (sent) => journal.write(withRegistration(await journal.read(), {...pending, ...sent})),
    tell: toTell(tell, () => 0),
    signal,
  });
  if (followed.is === "void" && followed.why === "the deposit root") tell({step: "moved", what: followed.why});
  return followed;
}
