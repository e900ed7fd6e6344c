import type {Call} from "../execution/wallet.js";
import {type FollowParts, follow} from "./follow.js";
import type {PendingRegistration} from "./pendingRegistration.js";
import type {RegistrationParts} from "./registrationParts.js";

type Parts = FollowParts & Pick<RegistrationParts, "signed">;
type Following = {
  readonly pending: PendingRegistration;
  /** To send it again for more; undefined after a restart. */
  readonly call: Call | undefined;
  readonly signal: AbortSignal;
};

/** The keys that it registered, or what is left of it: a transaction that the next one replaces, if any. */
export async function followPending(
  parts: Parts,
  {pending, call, signal}: Following,
): Promise<{readonly registered: readonly string[]} | PendingRegistration | undefined> {
  const {journal, wallet, vaultChain, tell, signed} = parts;
  const forget = async () => journal.write({operation: (await journal.read()).operation});
  if (pending.wallet !== wallet.address.toLowerCase()) {
    // Another wallet's nonce says nothing to this one. If its transaction is included, the root moves, and ours is void.
    await forget();
    return undefined;
  }
  const followed = await follow(parts, {pending, call, signal});
  if (followed.is === "void") return {...pending, ...followed.sent};
  if (followed.is !== "done") {
    await forget();
    return undefined;
  }
  const {hash} = followed;
  // The keys of the journal are another operator's word.
  const publicKeys = await vaultChain.readRegisteredBy(hash);
  await forget();
  for (const key of publicKeys) signed.delete(key);
  if (publicKeys.length === 0) {
    tell({step: "nothing registered", hash});
    return undefined;
  }
  tell({step: "registered", hash, publicKeys});
  return {registered: publicKeys};
}

/** Says what is about to be followed, which may take a while; another wallet's is not. */
export function tellFollowing({wallet, tell}: Pick<Parts, "wallet" | "tell">, left: PendingRegistration | undefined): void {
  if (left?.wallet === wallet.address.toLowerCase()) tell({step: "following", hash: left.hashes.at(-1) as string});
}
