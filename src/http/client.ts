import {createGunzip} from "node:zlib";
import type {Agent, Dispatcher} from "undici";
import {abortsWithin} from "../runtime/abortsWithin.js";
import {basicLoginOf} from "./basicLogin.js";
import {AnswerTooLongError, HttpError, toHttpError} from "./failure.js";
import type {Tls} from "./tls.js";

export type HttpRequest = {
  /** Its login becomes an Authorization header, its fragment is dropped. */
  readonly url: URL;
  readonly headers?: {readonly accept?: string};
  /** A bearer token, sent in place of the login in the URL. */
  readonly token?: string | undefined;
  /** Posted as JSON; bytes are JSON already, which many requests may share. */
  readonly body?: unknown;
  /** Of the body, once it is decompressed. */
  readonly maxBytes: number;
  /** Statuses whose body is read; any other body is dropped. */
  readonly reads?: readonly number[];
  /** Followed to https only, unless `url` is http; the Authorization header stays with its origin. */
  readonly maxRedirects?: number;
  /** The request ends with it, at any point. */
  readonly signal: AbortSignal;
  /** For the whole request, redirects included. */
  readonly timeoutMs?: number;
};

export type HttpAnswer = {
  readonly status: number;
  /** Empty where the status is not among those that are read. */
  readonly body: Buffer;
};

/** Sends one request, and resolves with any answer, whatever its status. HttpError when there is none. */
export type HttpClient = (request: HttpRequest) => Promise<HttpAnswer>;

type Options = {
  readonly tls?: Tls;
  /** An idle connection is closed after it, unless the server asks for another time. */
  readonly keepAliveMs?: number;
  /** For the head of an answer, and between two pieces of its body. */
  readonly idleMs?: number;
};

type Head = Dispatcher.ResponseData;
type Ask = (url: URL, authorization: string | undefined) => Promise<Head>;

/** A client with connections of its own, which are kept for the next request. */
export function createHttpClient({tls, keepAliveMs = 4000, idleMs = 300_000}: Options = {}): HttpClient {
  let agent: Promise<Agent> | undefined;
  // undici takes a tenth of a second to load, and most processes send no HTTP request.
  const open = async (): Promise<Agent> => {
    const {Agent} = await import("undici");
    return new Agent({connect: {...tls}, keepAliveTimeout: keepAliveMs, headersTimeout: idleMs, bodyTimeout: idleMs});
  };
  return async (request) => {
    const {url, body, timeoutMs, maxBytes, reads = [200], maxRedirects = 0} = request;
    const signal = timeoutMs === undefined ? request.signal : abortsWithin(request.signal, timeoutMs);
    const ask: Ask = async ({origin, pathname, search}, authorization) => {
      agent ??= open();
      return (await agent).request({
        origin,
        path: pathname + search,
        method: body === undefined ? "GET" : "POST",
        headers: {
          // Some gateways refuse requests without it.
          "user-agent": "node",
          "accept-encoding": "gzip",
          ...(body !== undefined && {"content-type": "application/json"}),
          ...(authorization && {authorization}),
          ...request.headers,
        },
        body: bodyOf(body),
        signal,
      });
    };
    try {
      const authorization = request.token === undefined ? basicLoginOf(url) : `Bearer ${request.token}`;
      const head = await follow(ask, {endpoint: url, authorization, maxRedirects});
      if (reads.includes(head.statusCode)) return {status: head.statusCode, body: await readBody(head, maxBytes)};
      drop(head);
      return {status: head.statusCode, body: Buffer.alloc(0)};
    } catch (error) {
      throw toHttpError(signal.aborted ? signal.reason : error);
    }
  };
}

const bodyOf = (body: unknown): string | Uint8Array | null => {
  if (body === undefined) return null;
  return body instanceof Uint8Array ? body : JSON.stringify(body);
};

type Following = {readonly endpoint: URL; readonly authorization: string | undefined; readonly maxRedirects: number};

async function follow(ask: Ask, {endpoint, authorization, maxRedirects}: Following): Promise<Head> {
  let url = endpoint;
  for (let turn = 0; ; turn++) {
    const head = await ask(url, url.origin === endpoint.origin ? authorization : undefined);
    if (maxRedirects === 0 || head.statusCode < 300 || head.statusCode > 399) return head;
    drop(head);
    if (turn === maxRedirects) throw new HttpError("it redirects too often");
    url = redirectOf(head, url, endpoint);
  }
}

function redirectOf({statusCode, headers: {location}}: Head, from: URL, endpoint: URL): URL {
  if (typeof location !== "string" || !URL.canParse(location, from.href)) throw new HttpError(`it answers ${statusCode}`);
  const to = new URL(location, from.href);
  const isAllowed = to.protocol === "https:" || (to.protocol === "http:" && endpoint.protocol === "http:");
  if (!isAllowed || to.username !== "" || to.password !== "") throw new HttpError("it redirects to what is not https");
  return to;
}

/** Reads a short rest, so that the connection can be used again, and closes the connection on a longer one. */
const drop = ({body}: Head): void => void body.dump({limit: 65_536}).catch(() => {});

async function readBody({headers, body}: Head, maxBytes: number): Promise<Buffer> {
  if (headers["content-encoding"] !== "gzip") return readAtMost(body, maxBytes);
  const decompressed = createGunzip();
  body.on("error", (error) => decompressed.destroy(error)).pipe(decompressed);
  try {
    return await readAtMost(decompressed, maxBytes);
  } catch (error) {
    body.destroy();
    throw error;
  }
}

/** An error within the loop ends the transfer. */
async function readAtMost(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const read: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > maxBytes) throw new AnswerTooLongError();
    read.push(chunk);
  }
  return Buffer.concat(read);
}
