import {DvtError} from "../errors.js";
import {incomplete, parseJsonFile, readText} from "../runtime/files.js";

const publicKey = /^(0x)?[0-9a-f]{96}$/i;

/** Reads public keys: one a line, a JSON array, or deposit data. ALLOWED_KEYS_INVALID also if there are none, which is a mistake. */
export async function readAllowedKeys(path: string): Promise<ReadonlySet<string>> {
  const invalid = (problem: string): DvtError =>
    new DvtError("ALLOWED_KEYS_INVALID", `read the allowed keys ${path}: ${problem}`);
  const text = await readText(path, "the allowed keys");
  if (text === "") throw incomplete(path, "the allowed keys");
  const keys = text.trimStart().startsWith("[") ? fromJson(text, path) : fromLines(text);
  if (keys.length === 0) throw invalid("it is not a list of public keys");
  const wrong = keys.findIndex((key) => typeof key !== "string" || !publicKey.test(key));
  if (wrong >= 0) throw invalid(`entry ${wrong + 1} is not a public key of 48 bytes`);
  return new Set((keys as string[]).map((key) => `0x${key.replace(/^0x/i, "").toLowerCase()}`));
}

const fromLines = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.replace(/#.*/, "").trim())
    .filter(Boolean);

function fromJson(text: string, path: string): unknown[] {
  const entries = parseJsonFile(text, {path, what: "the allowed keys", code: "ALLOWED_KEYS_INVALID"});
  return (entries as ({pubkey?: unknown} | string | null)[]).map((it) => (typeof it === "object" ? it?.pubkey : it));
}
