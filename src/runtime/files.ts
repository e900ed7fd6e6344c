import {randomBytes} from "node:crypto";
import {readFile, rename, rm, writeFile} from "node:fs/promises";
import {dirname} from "node:path";
import type {Static, TSchema} from "typebox";
import {DvtError, type ErrorCode} from "../errors.js";
import {problemsOf} from "./problems.js";
import {syncFolder} from "./syncFolder.js";

/** Text of a file that a user named. FILE_UNREADABLE says which and why. */
export async function readText(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw unreadable(path, what, cause);
  }
}

export function unreadable(path: string, what: string, cause: unknown): DvtError {
  const {code, message} = cause as NodeJS.ErrnoException;
  const reason = code === "ENOENT" ? "there is no such file" : message;
  return new DvtError("FILE_UNREADABLE", `read ${what} ${path}: ${reason}`, {cause});
}

/** For catch(): a file that need not be there. */
export function unlessMissing(error: unknown): undefined {
  const {code} = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
  if (code === "ENOENT") return undefined;
  throw error;
}

/** A JSON file that a user named, checked. `code` names what is wrong with its content; every problem is told together. */
export async function readJson<T extends TSchema>(path: string, what: string, schema: T, code: ErrorCode): Promise<Static<T>> {
  return checkJson(await readJsonValue(path, what, code), {path, what, schema, code});
}

/** What a JSON file holds, whatever it is. `code` where it is not JSON. */
export async function readJsonValue(path: string, what: string, code: ErrorCode): Promise<unknown> {
  const text = await readText(path, what);
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, and some of these files hold secrets.
    throw new DvtError(code, `read ${what} ${path}: not JSON`);
  }
}

type Checking<T extends TSchema> = {path: string; what: string; schema: T; code: ErrorCode};

/** The value, where it fits; every problem is told together. */
export function checkJson<T extends TSchema>(value: unknown, {path, what, schema, code}: Checking<T>): Static<T> {
  const problems = problemsOf(schema, value);
  if (problems.length > 0) throw new DvtError(code, `read ${what} ${path}:\n  ${problems.join("\n  ")}`);
  return value as Static<T>;
}

/** Readers see the old file or the whole new one, also after a power cut. */
export const writeFileAtomic = (path: string, text: string, mode = 0o644): Promise<void> =>
  writeBeside(path, text, mode, async (temporary) => {
    await rename(temporary, path);
    await syncFolder(dirname(path));
  });

/** FILE_UNWRITABLE where a file of so many bytes could not be put there now. Leaves what is there as it is. */
export const assertWritable = (path: string, bytes: number): Promise<void> =>
  writeBeside(path, Buffer.alloc(bytes, " "), 0o600, (temporary) => rm(temporary));

async function writeBeside(path: string, content: string | Uint8Array, mode: number, then: (temporary: string) => Promise<void>) {
  const temporary = `${path}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    await writeFile(temporary, content, {mode, flush: true});
    await then(temporary);
  } catch (cause) {
    await rm(temporary, {force: true}).catch(() => {});
    throw new DvtError("FILE_UNWRITABLE", `write ${path}: ${(cause as Error).message}`, {cause});
  }
}
