import {writeOwn} from "../bls/curve.js";
import type {Validator} from "./cluster.js";

/** Whether both have the same public key share at each share index. */
export function haveSameShares({publicKeyShares: one}: Validator, {publicKeyShares: other}: Validator): boolean {
  if (one.size !== other.size) return false;
  return [...one].every(([shareIndex, share]) => {
    const same = other.get(shareIndex);
    return same !== undefined && Buffer.compare(writeOwn(share), writeOwn(same)) === 0;
  });
}
