import {DvtError} from "../errors.js";
import {every} from "../runtime/every.js";
import type {Logger} from "../runtime/logger.js";
import type {ValidatorRegistry} from "./validatorRegistry.js";

type Options = {
  readonly logger: Logger;
  /** What goes wrong once it is aborted is nobody's concern. */
  readonly signal: AbortSignal;
  /** How far it has come, for a sentence. */
  readonly progress: () => string;
  readonly pollMs?: number;
};

/**
 * A registry whose first read takes long: it is read at once, and then again and again, so that no later read has much to do.
 * REGISTRY_INCOMPLETE for who asks before it was read once; what went wrong, where something did.
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
