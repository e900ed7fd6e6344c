import type {Static, TObject} from "typebox";
import {Compile} from "typebox/schema";
import {DvtError} from "../errors.js";
import type {Logger} from "../runtime/logger.js";
import {printable} from "../runtime/printable.js";
import {problemsOf} from "../runtime/problems.js";

/** Checks stored documents: one that this system did not write is returned as STORED_INVALID, and logged once. */
export type Reader<D> = {
  read(found: object): D | DvtError;
  /** Undefined for a document that is not valid. */
  readFit(found: object): D | undefined;
  /** Reports a document whose fields contradict each other. */
  refuse(document: {_id: string}, problem: string): DvtError;
};

type Options<S extends TObject> = {
  readonly collection: string;
  readonly schema: S;
  /** The _id that follows from its fields. */
  readonly keyOf: (document: Static<S>) => string;
  readonly logger: Logger;
};

const mostLogged = 10_000;

/** Creates the reader of one collection. */
export function createReader<S extends TObject>({
  collection,
  schema,
  keyOf,
  logger,
}: Options<S>): Reader<Static<S> & {_id: string}> {
  type D = Static<S> & {_id: string};
  let validator: {Check(value: unknown): boolean} | undefined;
  const logged = new Set<string>();

  const refuse = ({_id}: {_id?: unknown}, problem: string): DvtError => {
    const id = printable(String(_id).slice(0, 256));
    const error = new DvtError("STORED_INVALID", `read ${collection} ${id}: ${problem}`);
    if (logged.has(id)) return error;
    if (logged.size >= mostLogged) logged.clear();
    logged.add(id);
    logger.error({code: error.code, error: error.message}, "invalid stored document ignored");
    return error;
  };
  const read = (found: object): D | DvtError => {
    validator ??= Compile(schema);
    if (!validator.Check(found)) return refuse(found, problemsOf(schema, found)[0] ?? "it does not match the schema");
    const document = found as D;
    return keyOf(document) === document._id ? document : refuse(document, "its _id does not match its fields");
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
