import {DvtError} from "../../errors.js";
import type {DefinitionReader} from "./definitionReader.js";
import type {DefinitionSource} from "./definitionSource.js";

/**
 * Reads what a source says, which is opened beside whatever else is done: nobody who reads waits for it. One that could not be
 * opened is opened again at the next reading. `onChange` is called when there is something new to read.
 */
export function createSourceReader(open: () => Promise<DefinitionSource>, onChange: () => void): DefinitionReader {
  let source: DefinitionSource | undefined;
  let failure: Error | undefined;
  let told: Error | undefined;
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
      // The same trouble is the same error, however often it is tried.
      told = told?.message === error.message ? told : error;
      throw told;
    },
    ready: () => opening,
    async stop() {
      isStopped = true;
      await source?.stop();
    },
  };
}
