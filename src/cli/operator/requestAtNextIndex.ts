import type {ExitsOutcome} from "../../client/outcome.js";
import type {ValidatorRegistry} from "../../registry/validatorRegistry.js";
import type {Logger} from "../../runtime/logger.js";
import {nextIndexFor} from "./nextIndexFor.js";

type Asking = {
  /** In lower-case hex, in the order of their indexes. */
  readonly publicKeys: readonly string[];
  readonly registry: ValidatorRegistry;
  readonly request: (startIndex: number) => Promise<ExitsOutcome>;
  readonly logger: Logger;
};

/**
 * Requests exits at the chain's next index; once more, at the index that is next then, where somebody deposited meanwhile, for an
 * exit counts at its own index alone.
 */
export async function requestAtNextIndex({publicKeys, registry, request, logger}: Asking): Promise<ExitsOutcome> {
  let startIndex = await nextIndexFor(publicKeys, registry);
  logger.info({start_index: startIndex}, "the first validator gets the chain's next index");
  for (;;) {
    const outcome = await request(startIndex);
    // Who runs the command again begins with the index of that time.
    if (outcome.missing.length > 0) return outcome;
    const nextIndex = await nextIndexFor(publicKeys, registry);
    if (nextIndex === startIndex) return outcome;
    logger.warn({from: startIndex, to: nextIndex}, "somebody deposited meanwhile: the exits are asked for again");
    startIndex = nextIndex;
  }
}
