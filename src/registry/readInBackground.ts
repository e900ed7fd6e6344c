import {DvtError} from "../errors.js";
import {every} from "../runtime/every.js";
import type {Logger} from "../runtime/logger.js";
import type {ValidatorRegistry} from "./validatorRegistry.js";

type Options = {
  readonly logger: Logger;
  /** Failures after the abort are ignored. */
  readonly signal: AbortSignal;
  /** The progress, to append to an error message. */
  readonly progress: () => string;
  readonly pollMs?: number;
};

/**
 * Reads a registry whose first read takes long at once and then repeatedly, so that later reads are short. Until the first read
 * is complete, a caller gets REGISTRY_INCOMPLETE or the last failure.
 */
export function readInBackground(
  registry: ValidatorRegistry,
  {logger, signal, progress, pollMs = 60_000}: Options,
): ValidatorRegistry & {stop(): Promise<void>} {
  let isComplete = false;
  let failure: unknown;

  const readOnce = async (): Promise<void> => {
    failure = undefined;
    try {
      const {nextIndex} = await registry.read([]);
      if (!isComplete) logger.info({next_index: nextIndex}, "validators counted");
      isComplete = true;
    } catch (error) {
      if (signal.aborted) return;
      failure = error;
      throw error;
    }
  };
  const first = readOnce().catch(({message}: Error) =>
    logger.warn({error: message}, "validators not counted, will be tried again"),
  );
  const polling = every(pollMs, "count validators", readOnce, logger);
  return {
    async read(publicKeys) {
      if (isComplete) return registry.read(publicKeys);
      throw failure ?? new DvtError("REGISTRY_INCOMPLETE", `count validators: still reading the deposits${progress()}`);
    },
    async stop() {
      await Promise.all([first, polling.stop()]);
    },
  };
}
