import {DvtError} from "../../errors.js";
import type {ValidatorRegistry} from "../../registry/validatorRegistry.js";

/**
 * The index that the first of these validators will get; USAGE if some have one already, because the others would not follow it.
 */
export async function nextIndexFor(publicKeys: readonly string[], registry: ValidatorRegistry): Promise<number> {
  const {nextIndex, isRegistered} = await registry.read(publicKeys);
  const registered = publicKeys.filter(isRegistered);
  if (registered.length === 0) return nextIndex;
  throw new DvtError(
    "USAGE",
    `operator request: ${registered.length} of the validators already have an index, among them ${registered[0]}; give --start-index`,
  );
}
