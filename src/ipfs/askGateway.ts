import {basicLoginOf} from "../runtime/basicLogin.js";

type Asking = {
  readonly cid: string;
  /** The block as it is, or the file that it holds. */
  readonly as: "block" | "file";
  readonly maxBytes: number;
  readonly signal: AbortSignal;
};

const mostRedirects = 5;

/**
 * What the gateway answers, whatever it is. Throws an Error of our own words, which quote nothing of it.
 * https://specs.ipfs.tech/http-gateways/trustless-gateway/
 */
export async function askGateway(endpoint: URL, {cid, as, maxBytes, signal}: Asking): Promise<Uint8Array> {
  const authorization = basicLoginOf(endpoint);
  const accept = as === "block" ? "application/vnd.ipld.raw" : "*/*";
  let url = toAddress(endpoint, cid, as);
  for (let turn = 0; turn <= mostRedirects; turn++) {
    const headers = {accept, ...(authorization && url.origin === endpoint.origin && {authorization})};
    const response = await fetch(url, {headers, redirect: "manual", signal}).catch((error: unknown) => {
      throw new Error(reasonOf(error), {cause: error});
    });
    if (response.status < 300 || response.status > 399) return readAnswer(response, maxBytes);
    await response.body?.cancel();
    url = toRedirect(response, url, endpoint);
  }
  throw new Error("it redirects too often");
}

function toAddress(endpoint: URL, cid: string, as: Asking["as"]): URL {
  const url = new URL(endpoint);
  url.username = "";
  url.password = "";
  url.hash = "";
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/ipfs/${cid}`;
  if (as === "block") url.searchParams.set("format", "raw");
  return url;
}

/** Public gateways redirect to a host of its own for each CID. What comes from there is verified like any other answer. */
function toRedirect(response: Response, from: URL, endpoint: URL): URL {
  const location = response.headers.get("location") ?? "";
  if (!URL.canParse(location, from.href)) throw new Error(`it answers ${response.status}`);
  const to = new URL(location, from.href);
  const isAllowed = to.protocol === "https:" || (to.protocol === "http:" && endpoint.protocol === "http:");
  if (!isAllowed || to.username !== "" || to.password !== "") throw new Error("it redirects to what is not https");
  return to;
}

async function readAnswer(response: Response, maxBytes: number): Promise<Uint8Array> {
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new AnswerError(`it answers ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of response.body ?? []) {
      length += chunk.length;
      // Leaving the loop ends the transfer.
      if (length > maxBytes) throw new AnswerError("its answer is too long");
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof AnswerError ? error : new Error(reasonOf(error), {cause: error});
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** It answered; asked in another way it may answer what we want. */
export class AnswerError extends Error {}

function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === "TimeoutError") return "it does not answer in time";
  const {code} = ((error as Error).cause ?? {}) as {code?: unknown};
  return typeof code === "string" ? `it cannot be reached (${code})` : "it cannot be read";
}
