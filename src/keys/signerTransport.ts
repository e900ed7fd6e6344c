import {setTimeout as delay} from "node:timers/promises";
import {DvtError} from "../errors.js";
import {createHttpClient} from "../http/client.js";
import {parseEndpoint, urlBelow} from "../http/endpoints.js";
import {type Tls, tlsProblem} from "../http/tls.js";

/** How the remote signer is reached. */
export type TransportOptions = {
  readonly url: string;
  /** Sent instead of the login in the URL. */
  readonly token?: string | undefined;
  readonly tls?: Tls;
  /** The time for an answer, over all attempts. */
  readonly timeoutMs?: number;
  /** The delay before each further attempt if the signer is unreachable or fails. */
  readonly retryDelaysMs?: readonly number[];
};

/** A response; the text is empty unless the status is 200. */
export type SignerResponse = {readonly status: number; readonly text: string};
/** Requests a path, with a POST of the body as JSON if there is one. */
export type SendRequest = (path: string, body?: object) => Promise<SignerResponse>;

const maxAnswerBytes = 2 ** 24;
/** A signature may be needed at any time, so the connection stays open until the signer closes it. */
const keepAliveMs = 600_000;

/**
 * Creates the connection; CONFIG_INVALID for invalid options. A request throws SIGNER_UNAVAILABLE without a response of any
 * status. No error quotes the URL, which may hold a token.
 */
export function createTransport({
  token,
  tls = {},
  timeoutMs = 10_000,
  retryDelaysMs = [250, 1000],
  ...options
}: TransportOptions): SendRequest {
  const endpoint = parseEndpoint(options.url);
  if (!endpoint) throw new DvtError("CONFIG_INVALID", "read REMOTE_SIGNER_URL: it is not an http or https URL");
  if (endpoint.protocol === "https:") checkTls(tls);
  const client = createHttpClient({tls, keepAliveMs});
  const headers = {accept: "application/json"};

  const send = async (path: string, body: object | undefined, signal: AbortSignal): Promise<SignerResponse> => {
    const answer = await client({url: urlBelow(endpoint, path), headers, token, body, maxBytes: maxAnswerBytes, signal});
    return {status: answer.status, text: answer.body.toString("utf8")};
  };
  return async (path, body) => {
    const signal = AbortSignal.timeout(timeoutMs);
    for (const waitMs of retryDelaysMs) {
      const answer = await send(path, body, signal).catch(() => undefined);
      if (answer && !isTrouble(answer.status)) return answer;
      await delay(waitMs, undefined, {signal}).catch(() => {});
    }
    return send(path, body, signal).catch((error: Error) => {
      throw unavailable(error.message, error);
    });
  };
}

/** The error for a signer that does not respond as it should. */
export const unavailable = (reason: string, cause?: unknown): DvtError =>
  new DvtError("SIGNER_UNAVAILABLE", `ask REMOTE_SIGNER_URL: ${reason}`, {cause});

const isTrouble = (status: number): boolean => status >= 500 || status === 429;

function checkTls(tls: Tls): void {
  const problem = tlsProblem(tls);
  if (problem === undefined) return;
  throw new DvtError(
    "CONFIG_INVALID",
    `use TLS with REMOTE_SIGNER_URL: the content of REMOTE_SIGNER_CA_FILE, REMOTE_SIGNER_CERT_FILE or REMOTE_SIGNER_KEY_FILE cannot be used (${problem})`,
  );
}
