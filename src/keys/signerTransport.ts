import {X509Certificate} from "node:crypto";
import {Agent as HttpAgent, request as httpRequest, type IncomingMessage} from "node:http";
import {Agent as HttpsAgent, request as httpsRequest} from "node:https";
import {setTimeout as delay} from "node:timers/promises";
import {createSecureContext} from "node:tls";
import {DvtError} from "../errors.js";
import {basicLoginOf} from "../runtime/basicLogin.js";

/** PEM: the authority that signed the signer's certificate, and our own certificate with its key, where the signer asks for one. */
export type SignerTls = {readonly ca?: string | undefined; readonly cert?: string | undefined; readonly key?: string | undefined};

export type TransportOptions = {
  readonly url: string;
  readonly token?: string | undefined;
  readonly tls?: SignerTls;
  /** For an answer, all tries together. */
  readonly timeoutMs?: number;
  /** What is waited before each further try, where it cannot be reached or is in trouble. */
  readonly retryDelaysMs?: readonly number[];
};

export type Answer = {readonly status: number; readonly text: string};
export type Ask = (method: "GET" | "POST", path: string, body?: object) => Promise<Answer>;

const maxAnswerBytes = 2 ** 24;

/**
 * CONFIG_INVALID for what cannot be used. Asking throws SIGNER_UNAVAILABLE when there is no answer, whatever its status. Neither
 * tells the URL: it may hold a token.
 */
export function createTransport(options: TransportOptions): Ask {
  const {timeoutMs = 10_000, retryDelaysMs = [250, 1000]} = options;
  const send = createSender(options);
  return async (method, path, body) => {
    const signal = AbortSignal.timeout(timeoutMs);
    for (const waitMs of retryDelaysMs) {
      const answer = await send(method, path, body, signal).catch(() => undefined);
      if (answer && !isTrouble(answer.status)) return answer;
      await delay(waitMs, undefined, {signal}).catch(() => {});
    }
    try {
      return await send(method, path, body, signal);
    } catch (cause) {
      throw unavailable(signal.aborted ? "it does not answer in time" : reasonOf(cause), cause);
    }
  };
}

export const unavailable = (reason: string, cause?: unknown): DvtError =>
  new DvtError("SIGNER_UNAVAILABLE", `ask REMOTE_SIGNER_URL: ${reason}`, {cause});

const isTrouble = (status: number): boolean => status >= 500 || status === 429;

/** node:https and not fetch, which takes neither an authority nor a certificate of ours. */
function createSender({url, token, tls = {}}: TransportOptions) {
  const {target, login} = readUrl(url);
  const isTls = target.protocol === "https:";
  if (isTls) checkTls(tls);
  const agent = isTls ? new HttpsAgent({keepAlive: true, ...tls}) : new HttpAgent({keepAlive: true});
  const credentials = token === undefined ? login : `Bearer ${token}`;
  const headers = {accept: "application/json", ...(credentials && {authorization: credentials})};

  return async (method: string, path: string, body: object | undefined, signal: AbortSignal): Promise<Answer> => {
    const text = body && JSON.stringify(body);
    const typed = text && {"content-type": "application/json", "content-length": Buffer.byteLength(text)};
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = isTls ? httpsRequest : httpRequest;
      const options = {method, agent, signal, headers: {...headers, ...typed}};
      request(withPath(target, path), options, resolve).on("error", reject).end(text);
    });
    return {status: response.statusCode ?? 0, text: await readBody(response)};
  };
}

function readUrl(url: string): {target: URL; login: string | undefined} {
  try {
    const target = new URL(url);
    if (!/^https?:$/.test(target.protocol)) throw new Error("another protocol");
    const login = basicLoginOf(target);
    target.username = "";
    target.password = "";
    return {target, login};
  } catch {
    throw new DvtError("CONFIG_INVALID", "REMOTE_SIGNER_URL is not an http or https URL");
  }
}

function withPath(target: URL, path: string): URL {
  const url = new URL(target);
  url.pathname = target.pathname.replace(/\/+$/, "") + path;
  return url;
}

function checkTls(tls: SignerTls): void {
  try {
    // Of an authority that is no certificate, a context says nothing.
    if (tls.ca !== undefined) new X509Certificate(tls.ca);
    createSecureContext(tls);
  } catch (cause) {
    // Without its cause: what OpenSSL says of a key is nobody's business.
    const {code = "unknown"} = cause as {code?: string};
    throw new DvtError(
      "CONFIG_INVALID",
      `speak TLS to REMOTE_SIGNER_URL: what REMOTE_SIGNER_CA_FILE, REMOTE_SIGNER_CERT_FILE and REMOTE_SIGNER_KEY_FILE hold cannot be used (${code})`,
    );
  }
}

async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > maxAnswerBytes) throw new Error("its answer is too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function reasonOf(error: unknown): string {
  const {code, message} = error as NodeJS.ErrnoException;
  return code === undefined ? message : `it cannot be reached (${code})`;
}
