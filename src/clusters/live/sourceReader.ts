import {DvtError} from "../../errors.js";
import type {DefinitionReader} from "./definitionReader.js";
import type {DefinitionSource} from "./definitionSource.js";

/**
 * Reads from a source that is opened in the background, so that no reader waits for it. If opening fails, the next read tries
 * again. `onChange` is called when there is something new to read.
 */
export function createSourceReader(open: () => Promise<DefinitionSource>, onChange: () => void): DefinitionReader {
  let source: DefinitionSource | undefined;
  let failure: Error | undefined;
  let lastError: Error | undefined;
  let isStopped = false;

  const begin = async (): Promise<void> => {
    try {
      const opened = await open();
      if (isStopped) return opened.stop();
      source = opened;
      opened.onChange(onChange);
      onChange();
    } catch (error) {
      failure = error as Error;
    }
  };
  let opening = begin();

  return {
    isFinal: true,
    async read() {
      if (source) return source.current();
      if (!failure) return undefined;
      const error = failure;
      failure = undefined;
      opening = begin();
      if (!(error instanceof DvtError)) throw error;
      // The same failure is the same error object, however often it is tried.
      lastError = lastError?.message === error.message ? lastError : error;
      throw lastError;
    },
    ready: () => opening,
    async stop() {
      isStopped = true;
      await source?.stop();
    },
  };
}
