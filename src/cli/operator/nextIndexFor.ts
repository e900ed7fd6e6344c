import {DvtError} from "../../errors.js";
import type {ValidatorRegistry} from "../../registry/validatorRegistry.js";

/** The index that the first of these validators will get. USAGE where some of them have theirs already: the others would not get those after it. */
export async function nextIndexFor(publicKeys: readonly string[], registry: ValidatorRegistry): Promise<number> {
  const {nextIndex, isRegistered} = await registry.read(publicKeys);
  const registered = publicKeys.filter(isRegistered);
  if (registered.length === 0) return nextIndex;
  throw new DvtError(
    "USAGE",
    `operator request: ${registered.length} of the validators have an index already, ${registered[0]} among them; give --start-index`,
  );
}
