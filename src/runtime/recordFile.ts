import type {TSchema} from "typebox";
import {DvtError, type ErrorCode} from "../errors.js";
import {unwritable} from "./files.js";
import {type LineFile, type Lines, openLineFile, parseLine} from "./lineFile.js";
import type {LockOptions} from "./lockFile.js";
import type {Logger} from "./logger.js";

/** A file of JSON lines that one process uses at a time; its first line identifies the owner of the records. */
export type RecordFile<R> = {
  /** Resolves once the records are on disk; STATE_UNWRITABLE if they are not. */
  append(records: readonly R[]): Promise<void>;
  /** Replaces all records, likewise. */
  replace(records: readonly R[]): Promise<void>;
  close(): Promise<void>;
};

/** A kind of record file. */
export type RecordFormat<R> = {
  /** The variable that names the file. */
  readonly variable: string;
  /** What it is for, in errors: "store what was signed". */
  readonly purpose: string;
  /** For a file that is not of this kind, or belongs to something else. */
  readonly code: ErrorCode;
  /** What people can do about a wrong file. */
  readonly remedy?: string;
  /** The first line of this file, and the schema of the first line of every file of this kind. */
  readonly header: object;
  readonly headerSchema: TSchema;
  toLine(record: R): object;
  /** Undefined for a line that is not of this kind, or cannot follow the record before it. */
  fromLine(line: string, before: R | undefined): R | undefined;
  /** Selects the records that stay when the file is opened (default: all). */
  keep?(records: readonly R[]): readonly R[];
};

/**
 * Locks the file and reads its records; `code` if it is another owner's, FILE_IN_USE, FILE_UNWRITABLE or DISK_UNAVAILABLE if it
 * cannot be used.
 */
export async function openRecordFile<R>(
  path: string,
  format: RecordFormat<R>,
  options: LockOptions,
): Promise<{readonly records: readonly R[]; readonly file: RecordFile<R>}> {
  const header = JSON.stringify(format.header);
  const action = `${format.purpose} in ${format.variable} ${path}`;
  const unopened = (cause: Error): never => {
    throw cause instanceof DvtError ? cause : unwritable(action, cause);
  };
  const unwritten = (cause: Error): never => {
    throw cause instanceof DvtError ? cause : new DvtError("STATE_UNWRITABLE", `${action}: ${cause.message}`, {cause});
  };
  const toLines = (records: readonly R[]): string[] => records.map((record) => JSON.stringify(format.toLine(record)));

  const {records, file} = await openAndRead(path, header, toLines, {format, options}).catch(unopened);
  return {
    records,
    file: {
      append: (added) => file.append(toLines(added)).catch(unwritten),
      replace: (all) => file.replace([header, ...toLines(all)]).catch(unwritten),
      close: file.close,
    },
  };
}

/** Separate from the functions that live as long as the open file, whose closures would keep every record in memory. */
async function openAndRead<R>(
  path: string,
  header: string,
  toLines: (records: readonly R[]) => string[],
  {format, options}: {format: RecordFormat<R>; options: LockOptions},
): Promise<{records: readonly R[]; file: LineFile}> {
  let records: readonly R[] = [];
  const file = await openLineFile(path, options, (lines) => {
    const all = readRecords(path, header, lines, {format, logger: options.logger});
    records = format.keep?.(all) ?? all;
    return [header, ...toLines(records)];
  });
  return {records, file};
}

type ReadOptions<R> = {format: RecordFormat<R>; logger: Logger};

function readRecords<R>(path: string, header: string, {lines, torn}: Lines, {format, logger}: ReadOptions<R>): R[] {
  // Its append never resolved, so nobody relies on it.
  if (torn) logger.warn({path}, `the last line of ${format.variable} was cut short and is dropped`);
  if (lines.length === 0) return [];
  const invalid = (problem: string): DvtError => {
    const remedy = format.remedy === undefined ? "" : `; ${format.remedy}`;
    return new DvtError(format.code, `read ${format.variable} ${path}: ${problem}${remedy}`);
  };
  const [first = "", ...rest] = lines;
  if (!parseLine(format.headerSchema, first)) throw invalid("it is not such a file");
  if (first !== header) throw invalid(`it belongs to ${first}, not to ${header}`);
  const records: R[] = [];
  for (const [position, line] of rest.entries()) {
    const record = format.fromLine(line, records.at(-1));
    if (record === undefined) throw invalid(`line ${position + 2} is not what dvt wrote`);
    records.push(record);
  }
  return records;
}
