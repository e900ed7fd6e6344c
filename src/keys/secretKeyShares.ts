import type {SecretKey} from "../bls/curve.js";
import {depositSigningRoot} from "../consensus/deposit.js";
import {enrolmentSigningRoot} from "../consensus/enrolmentClaim.js";
import {voluntaryExitSigningRoot} from "../consensus/voluntaryExit.js";
import {fromHex} from "../runtime/hex.js";
import type {KeyShares} from "./keyShares.js";

/** Key shares in memory, by the validator's public key in lower-case hex. */
export function toKeyShares(shareIndex: number, secretKeys: ReadonlyMap<string, SecretKey>): KeyShares {
  const signRoot = (publicKey: string, root: Uint8Array): Uint8Array => {
    const secretKey = secretKeys.get(publicKey);
    if (!secretKey) throw new Error(`sign: no key share of ${publicKey}`);
    return secretKey.sign(root).toBytes();
  };
  return {
    shareIndex,
    publicKeys: new Set(secretKeys.keys()),
    sign: async ({network, publicKey, validatorIndex}) => signRoot(publicKey, voluntaryExitSigningRoot(network, validatorIndex)),
    signDeposit: async ({network, publicKey, ...message}) =>
      signRoot(publicKey, depositSigningRoot(network, {pubkey: fromHex(publicKey), ...message})),
    prove: async (publicKey, network, claim) => signRoot(publicKey, enrolmentSigningRoot(network, claim)),
  };
}
