import {yieldToEventLoop} from "../../runtime/yieldToEventLoop.js";
import type {ClusterDefinition} from "../cluster.js";
import {haveSameShares} from "../sameShares.js";

/** Finds the public keys whose shares or threshold another definition changes, and those that it removes. */
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
      await yieldToEventLoop();
      if (!haveSameShares(validator, other)) changed.push(publicKeyHex);
    }
  }
  return {changed, removed};
}
