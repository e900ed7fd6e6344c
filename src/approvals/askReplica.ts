import type {Static, TSchema} from "typebox";
import {Check} from "typebox/schema";
import {createHttpClient} from "../http/client.js";
import {urlBelow} from "../http/endpoints.js";
import {AnswerTooLongError} from "../http/failure.js";
import {printable} from "../runtime/printable.js";
import {AnswerError} from "./oracleFailure.js";

/** What all oracles are asked; a POST if it has a body. */
export type OracleRequest<T extends TSchema> = {
  /** Below the endpoint; undefined: the endpoint itself. */
  readonly path?: string;
  /** JSON, encoded once for all. */
  readonly body?: Uint8Array;
  readonly maxBytes: number;
  readonly schema: T;
};

type Limits = {readonly timeoutMs: number; readonly signal: AbortSignal};

const client = createHttpClient();

/** The statuses whose body says what is wrong with the request. */
const refusals = [400, 422];

/** Asks one replica, which may not redirect; an AnswerError for anything but an answer that fits the schema. */
export async function askReplica<T extends TSchema>(
  endpoint: URL,
  request: OracleRequest<T>,
  limits: Limits,
): Promise<Static<T>> {
  const {path, body, maxBytes, schema} = request;
  const url = path === undefined ? endpoint : urlBelow(endpoint, path);
  const headers = {accept: "application/json"};
  const answer = await client({url, headers, body, maxBytes, reads: [200, ...refusals], ...limits}).catch((error: Error) => {
    throw new AnswerError(error instanceof AnswerTooLongError ? "malformed" : "unavailable", error.message);
  });
  if (refusals.includes(answer.status)) throw new AnswerError("refused", `it refuses: ${reasonOf(answer.body)}`);
  if (answer.status !== 200) throw new AnswerError("unavailable", `it answers ${answer.status}`);
  const json = parse(answer.body);
  if (json === undefined) throw new AnswerError("malformed", "its answer is not JSON");
  if (!Check(schema, json)) throw new AnswerError("malformed", "its answer is not what was asked for");
  return json as Static<T>;
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** The oracle's own words, without the signatures and shards that it may repeat from the request. */
function reasonOf(body: Buffer): string {
  const json = parse(body);
  if (json === undefined) return "it does not say why";
  const text = (wordsOf(json) ?? body.toString("utf8")).replace(/\s+/g, " ").trim();
  return printable(text.replace(/(0x)?[0-9a-f]{128,}/gi, "0x...")).slice(0, 256);
}

/** Where frameworks for HTTP have the sentence, in a text, or in a list of such objects. */
const sentenceFields = ["detail", "message", "error", "errors", "msg"];

/** The sentences in a refusal; undefined if they are not where they are expected. */
function wordsOf(json: unknown, depth = 0): string | undefined {
  if (typeof json === "string") return json.trim() || undefined;
  if (typeof json !== "object" || json === null || depth > 3) return undefined;
  const parts = Array.isArray(json) ? json : sentenceFields.map((name) => (json as Record<string, unknown>)[name]);
  const words = parts.map((part) => wordsOf(part, depth + 1)).filter((it) => it !== undefined);
  if (!Array.isArray(json)) return words[0];
  return words.length > 0 ? words.join("; ") : undefined;
}
