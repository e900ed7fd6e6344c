import type {Static, TObject} from "typebox";
import {Compile} from "typebox/compile";
import {DvtError} from "../errors.js";
import type {Logger} from "../runtime/logger.js";
import {printable} from "../runtime/printable.js";
import {problemsOf} from "../runtime/problems.js";

/** Reads what was found: STORED_INVALID, as a value and once in the log, where it is not what this system writes. */
export type Reader<D> = {
  read(found: object): D | DvtError;
  /** The same for who has no use for what does not fit. */
  readFit(found: object): D | undefined;
  /** Of what fits in itself, but not together. */
  refuse(document: {_id: string}, problem: string): DvtError;
};

type Options<S extends TObject> = {
  readonly collection: string;
  readonly schema: S;
  /** The _id that its fields say it has. */
  readonly keyOf: (document: Static<S>) => string;
  readonly logger: Logger;
};

const mostTold = 10_000;

export function createReader<S extends TObject>({
  collection,
  schema,
  keyOf,
  logger,
}: Options<S>): Reader<Static<S> & {_id: string}> {
  type D = Static<S> & {_id: string};
  let validator: {Check(value: unknown): boolean} | undefined;
  const told = new Set<string>();

  const refuse = ({_id}: {_id?: unknown}, problem: string): DvtError => {
    const id = printable(String(_id).slice(0, 256));
    const error = new DvtError("STORED_INVALID", `read ${collection} ${id}: ${problem}`);
    if (told.has(id)) return error;
    if (told.size >= mostTold) told.clear();
    told.add(id);
    logger.error({code: error.code, error: error.message}, "a stored document is left alone");
    return error;
  };
  const read = (found: object): D | DvtError => {
    validator ??= Compile(schema);
    if (!validator.Check(found)) return refuse(found, problemsOf(schema, found)[0] ?? "it does not fit");
    const document = found as D;
    return keyOf(document) === document._id ? document : refuse(document, "its _id is another's than its fields'");
  };
  return {
    read,
    readFit(found) {
      const document = read(found);
      return document instanceof DvtError ? undefined : document;
    },
    refuse,
  };
}
