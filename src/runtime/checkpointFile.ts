import type {Static, TSchema} from "typebox";
import {DvtError, type ErrorCode} from "../errors.js";
import {readJson, unlessTorn, writeFileAtomic} from "./files.js";

/** A kind of file that saves a restart from reading the chain again. */
type CheckpointFormat<S extends TSchema> = {
  /** Its name in errors: "the SSV checkpoint". */
  readonly what: string;
  /** Has the format's version, so that another one is refused. */
  readonly schema: S;
  /** For a file that is no such checkpoint, or another's. */
  readonly code: ErrorCode;
};

/** Reads and writes one kind of checkpoint, which is always written whole. */
export const checkpointFile = <S extends TSchema>({what, schema, code}: CheckpointFormat<S>) => ({
  /** What `open` makes of the file; undefined if there is none or it was cut off. `open` throws a DvtError to refuse the file. */
  async read<T>(path: string, open: (content: Static<S>) => T | Promise<T>): Promise<T | undefined> {
    const content = await readJson(path, what, schema, code).catch(unlessTorn);
    if (content === undefined) return undefined;
    try {
      return await open(content);
    } catch (error) {
      if (!(error instanceof DvtError)) throw error;
      throw new DvtError(code, `read ${what} ${path}: ${error.message}; ${checkpointRemedy}`);
    }
  },
  write: (path: string, content: Static<S>): Promise<void> => writeFileAtomic(path, `${JSON.stringify(content)}\n`),
});

/** What an error about a checkpoint tells people to do. */
export const checkpointRemedy = "name another file, or delete it and the chain is read again";
