import type {ExitsOutcome} from "../../client/outcome.js";
import type {ValidatorRegistry} from "../../registry/validatorRegistry.js";
import type {Logger} from "../../runtime/logger.js";
import {nextIndexFor} from "./nextIndexFor.js";

type Options = {
  /** In lower-case hex, in the order of their indexes. */
  readonly publicKeys: readonly string[];
  readonly registry: ValidatorRegistry;
  readonly request: (startIndex: number) => Promise<ExitsOutcome>;
  readonly logger: Logger;
};

/**
 * Requests exits at the chain's next index, and again at the new next index if somebody deposits meanwhile: an exit is valid for
 * its own index only.
 */
export async function requestAtNextIndex({publicKeys, registry, request, logger}: Options): Promise<ExitsOutcome> {
  let startIndex = await nextIndexFor(publicKeys, registry);
  logger.info({start_index: startIndex}, "the first validator gets the chain's next index");
  for (;;) {
    const outcome = await request(startIndex);
    // Running the command again starts at the index that is next then.
    if (outcome.missing.length > 0) return outcome;
    const nextIndex = await nextIndexFor(publicKeys, registry);
    if (nextIndex === startIndex) return outcome;
    logger.warn({from: startIndex, to: nextIndex}, "somebody deposited meanwhile: the exits are requested again");
    startIndex = nextIndex;
  }
}
