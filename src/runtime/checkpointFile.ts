import type {Static, TSchema} from "typebox";
import {DvtError, type ErrorCode} from "../errors.js";
import {readJson, unlessTorn, writeFileAtomic} from "./files.js";

/** A kind of file that saves a restart from reading the chain again. */
type CheckpointFormat<S extends TSchema> = {
  /** Its name in errors: "the SSV checkpoint". */
  readonly what: string;
  /** Has the format's version, so that another one is refused. */
  readonly schema: S;
  /** For a file that is not such a checkpoint, or belongs to something else. */
  readonly code: ErrorCode;
};

/** Reads and writes one kind of checkpoint, which is always written whole. */
export const checkpointFile = <S extends TSchema>({what, schema, code}: CheckpointFormat<S>) => ({
  /** Returns what `open` makes of the file, or undefined if it is missing or truncated; `open` throws a DvtError to refuse it. */
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

/** What people can do about an invalid checkpoint. */
export const checkpointRemedy = "name another file, or delete it and the chain is read again";
