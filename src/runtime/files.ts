import {randomBytes} from "node:crypto";
import {readFile, rm, writeFile} from "node:fs/promises";
import type {Static, TSchema} from "typebox";
import {DvtError, type ErrorCode} from "../errors.js";
import {isCutOff} from "./isCutOff.js";
import {problemsOf} from "./problems.js";
import {replaceFile} from "./replaceFile.js";

/** Reads the text of a file that a user named; FILE_MISSING or FILE_UNREADABLE. */
export async function readText(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw unreadable(path, what, cause);
  }
}

/** Failures that only a person can fix, not a mount or a disk that becomes available again. */
const forPeople = ["EACCES", "EPERM", "EROFS", "EISDIR", "ENOTDIR", "EEXIST", "ELOOP", "ENAMETOOLONG"];

const isForPeople = (cause: unknown): boolean => forPeople.includes((cause as NodeJS.ErrnoException).code ?? "");

const reasons: Record<string, string> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder; Docker creates one if the file to mount does not exist",
};

/** FILE_UNREADABLE if a person has to fix it; FILE_MISSING if the file may appear in a moment. */
export function unreadable(path: string, what: string, cause: unknown): DvtError {
  const {code = "", message} = cause as NodeJS.ErrnoException;
  const as = isForPeople(cause) ? "FILE_UNREADABLE" : "FILE_MISSING";
  return new DvtError(as, `read ${what} ${path}: ${reasons[code] ?? message}`, {cause});
}

/** FILE_UNWRITABLE if a person has to fix it; DISK_UNAVAILABLE if there may be space, or the folder, in a moment. */
export const unwritable = (action: string, cause: unknown): DvtError =>
  new DvtError(isForPeople(cause) ? "FILE_UNWRITABLE" : "DISK_UNAVAILABLE", `${action}: ${(cause as Error).message}`, {cause});

/** For catch(): accepts a missing file. */
export function unlessMissing(error: unknown): undefined {
  const {code} = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
  if (code === "ENOENT") return undefined;
  throw error;
}

/** For catch(): accepts a missing or truncated file, whose content can be found out again. */
export const unlessTorn = (error: unknown): undefined =>
  error instanceof DvtError && error.code === "FILE_INCOMPLETE" ? undefined : unlessMissing(error);

/** Reads and checks a JSON file that a user named; throws `code` with every problem of its content. */
export async function readJson<T extends TSchema>(path: string, what: string, schema: T, code: ErrorCode): Promise<Static<T>> {
  return checkJson(await readJsonValue(path, what, code), {path, what, schema, code});
}

/** Reads a JSON file of any content; `code` if it is not JSON, FILE_INCOMPLETE if it ends too early. */
export const readJsonValue = async (path: string, what: string, code: ErrorCode): Promise<unknown> =>
  parseJsonFile(await readText(path, what), {path, what, code});

/** Parses the text of a JSON file, likewise. */
export function parseJsonFile(text: string, {path, what, code}: {path: string; what: string; code: ErrorCode}): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, and some of these files hold secrets.
    throw isCutOff(text) ? incomplete(path, what) : new DvtError(code, `read ${what} ${path}: not JSON`);
  }
}

/** The error for a file that ends too early. */
export const incomplete = (path: string, what: string): DvtError =>
  new DvtError("FILE_INCOMPLETE", `read ${what} ${path}: it ends too early; is it still being written?`);

type JsonChecks<T extends TSchema> = {path: string; what: string; schema: T; code: ErrorCode};

/** Returns the value if it matches the schema; throws `code` with every problem. */
export function checkJson<T extends TSchema>(value: unknown, {path, what, schema, code}: JsonChecks<T>): Static<T> {
  const problems = problemsOf(schema, value);
  if (problems.length > 0) throw new DvtError(code, `read ${what} ${path}:\n  ${problems.join("\n  ")}`);
  return value as Static<T>;
}

/** Writes a file so that readers see the old one or the whole new one, even after a power cut. */
export const writeFileAtomic = (path: string, text: string, mode = 0o644): Promise<void> =>
  workBeside(path, async (temporary) => (await replaceFile(path, text, {temporary, mode})).close());

/** FILE_UNWRITABLE or DISK_UNAVAILABLE if a file of this many bytes could not be written there now. Leaves the file as it is. */
export const assertWritable = (path: string, bytes: number): Promise<void> =>
  workBeside(path, async (temporary) => {
    await writeFile(temporary, Buffer.alloc(bytes, " "), {mode: 0o600, flush: true});
    await rm(temporary);
  });

async function workBeside(path: string, work: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    await work(temporary);
  } catch (cause) {
    await rm(temporary, {force: true}).catch(() => {});
    throw unwritable(`write ${path}`, cause);
  }
}
