import {writeOwn} from "../../bls/curve.js";
import {takeTurn} from "../../runtime/takeTurn.js";
import type {ClusterDefinition, Validator} from "../cluster.js";

/** Keys of those of whom another definition says that others may sign, or that more or fewer are needed; or that it leaves out. */
export async function findChangedValidators(
  before: ClusterDefinition,
  after: ClusterDefinition,
): Promise<{changed: string[]; removed: string[]}> {
  const changed: string[] = [];
  const removed: string[] = [];
  for (const [publicKeyHex, validator] of before.validators) {
    const other = after.validators.get(publicKeyHex);
    if (!other) removed.push(publicKeyHex);
    else if (before.threshold !== after.threshold) changed.push(publicKeyHex);
    else if (other !== validator) {
      await takeTurn();
      if (!haveSameShares(validator, other)) changed.push(publicKeyHex);
    }
  }
  return {changed, removed};
}

function haveSameShares({publicKeyShares: one}: Validator, {publicKeyShares: other}: Validator): boolean {
  if (one.size !== other.size) return false;
  return [...one].every(([shareIndex, share]) => {
    const same = other.get(shareIndex);
    return same !== undefined && Buffer.compare(writeOwn(share), writeOwn(same)) === 0;
  });
}
