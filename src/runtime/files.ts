import {randomBytes} from "node:crypto";
import {readFile, rm, writeFile} from "node:fs/promises";
import type {Static, TSchema} from "typebox";
import {DvtError, type ErrorCode} from "../errors.js";
import {isCutOff} from "./isCutOff.js";
import {problemsOf} from "./problems.js";
import {replaceFile} from "./replaceFile.js";

/** Text of a file that a user named. FILE_MISSING and FILE_UNREADABLE say which and why. */
export async function readText(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw unreadable(path, what, cause);
  }
}

/** What no mount and no disk that comes back will change. */
const forPeople = ["EACCES", "EPERM", "EROFS", "EISDIR", "ENOTDIR", "EEXIST", "ELOOP", "ENAMETOOLONG"];

const isForPeople = (cause: unknown): boolean => forPeople.includes((cause as NodeJS.ErrnoException).code ?? "");

const reasons: Record<string, string> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder; Docker makes one where a file that it is to mount is not there",
};

/** FILE_UNREADABLE where a person has to change that; FILE_MISSING where it may be there in a moment. */
export function unreadable(path: string, what: string, cause: unknown): DvtError {
  const {code = "", message} = cause as NodeJS.ErrnoException;
  const as = isForPeople(cause) ? "FILE_UNREADABLE" : "FILE_MISSING";
  return new DvtError(as, `read ${what} ${path}: ${reasons[code] ?? message}`, {cause});
}

/** FILE_UNWRITABLE where a person has to change that; DISK_UNAVAILABLE where there may be room, or the folder, in a moment. */
export const unwritable = (action: string, cause: unknown): DvtError =>
  new DvtError(isForPeople(cause) ? "FILE_UNWRITABLE" : "DISK_UNAVAILABLE", `${action}: ${(cause as Error).message}`, {cause});

/** For catch(): a file that need not be there. */
export function unlessMissing(error: unknown): undefined {
  const {code} = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
  if (code === "ENOENT") return undefined;
  throw error;
}

/** The same of one that is as good as none where it is cut off: what it says can be found out again. */
export const unlessTorn = (error: unknown): undefined =>
  error instanceof DvtError && error.code === "FILE_INCOMPLETE" ? undefined : unlessMissing(error);

/** A JSON file that a user named, checked. `code` names what is wrong with its content; every problem is told together. */
export async function readJson<T extends TSchema>(path: string, what: string, schema: T, code: ErrorCode): Promise<Static<T>> {
  return checkJson(await readJsonValue(path, what, code), {path, what, schema, code});
}

/** What a JSON file holds, whatever it is. `code` where it is not JSON, FILE_INCOMPLETE where it ends too early. */
export const readJsonValue = async (path: string, what: string, code: ErrorCode): Promise<unknown> =>
  parseJsonFile(await readText(path, what), {path, what, code});

/** The same of its text. */
export function parseJsonFile(text: string, {path, what, code}: {path: string; what: string; code: ErrorCode}): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, and some of these files hold secrets.
    throw isCutOff(text) ? incomplete(path, what) : new DvtError(code, `read ${what} ${path}: not JSON`);
  }
}

export const incomplete = (path: string, what: string): DvtError =>
  new DvtError("FILE_INCOMPLETE", `read ${what} ${path}: it ends too early; is it still being written?`);

type Checking<T extends TSchema> = {path: string; what: string; schema: T; code: ErrorCode};

/** The value, where it fits; every problem is told together. */
export function checkJson<T extends TSchema>(value: unknown, {path, what, schema, code}: Checking<T>): Static<T> {
  const problems = problemsOf(schema, value);
  if (problems.length > 0) throw new DvtError(code, `read ${what} ${path}:\n  ${problems.join("\n  ")}`);
  return value as Static<T>;
}

/** Readers see the old file or the whole new one, also after a power cut. */
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
