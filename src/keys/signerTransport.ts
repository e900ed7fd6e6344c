import {setTimeout as delay} from "node:timers/promises";
import {DvtError} from "../errors.js";
import {createHttpClient} from "../http/client.js";
import {parseEndpoint, urlBelow} from "../http/endpoints.js";
import {type Tls, tlsProblem} from "../http/tls.js";

export type TransportOptions = {
  readonly url: string;
  /** Sent in place of the login in the URL. */
  readonly token?: string | undefined;
  readonly tls?: Tls;
  /** For an answer, all tries together. */
  readonly timeoutMs?: number;
  /** The delay before each further try, where the signer cannot be reached or is in trouble. */
  readonly retryDelaysMs?: readonly number[];
};

/** The text is empty unless the status is 200. */
export type Answer = {readonly status: number; readonly text: string};
/** Posts the body as JSON where there is one. */
export type Ask = (path: string, body?: object) => Promise<Answer>;

const maxAnswerBytes = 2 ** 24;
/** A signature may be needed at any time: the connection stays until the signer closes it. */
const keepAliveMs = 600_000;

/**
 * CONFIG_INVALID for options that cannot be used. Asking throws SIGNER_UNAVAILABLE when there is no answer, whatever its status.
 * Neither quotes the URL: it may hold a token.
 */
export function createTransport({
  token,
  tls = {},
  timeoutMs = 10_000,
  retryDelaysMs = [250, 1000],
  ...options
}: TransportOptions): Ask {
  const endpoint = parseEndpoint(options.url);
  if (!endpoint) throw new DvtError("CONFIG_INVALID", "REMOTE_SIGNER_URL is not an http or https URL");
  if (endpoint.protocol === "https:") checkTls(tls);
  const client = createHttpClient({tls, keepAliveMs});
  const headers = {accept: "application/json"};

  const send = async (path: string, body: object | undefined, signal: AbortSignal): Promise<Answer> => {
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

export const unavailable = (reason: string, cause?: unknown): DvtError =>
  new DvtError("SIGNER_UNAVAILABLE", `ask REMOTE_SIGNER_URL: ${reason}`, {cause});

const isTrouble = (status: number): boolean => status >= 500 || status === 429;

function checkTls(tls: Tls): void {
  const problem = tlsProblem(tls);
  if (problem === undefined) return;
  throw new DvtError(
    "CONFIG_INVALID",
    `speak TLS to REMOTE_SIGNER_URL: the content of REMOTE_SIGNER_CA_FILE, REMOTE_SIGNER_CERT_FILE or REMOTE_SIGNER_KEY_FILE cannot be used (${problem})`,
  );
}
