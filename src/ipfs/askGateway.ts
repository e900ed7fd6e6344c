import {createHttpClient} from "../http/client.js";
import {urlBelow} from "../http/endpoints.js";
import {AnswerTooLongError} from "../http/failure.js";

type Asking = {
  readonly cid: string;
  /** The block as it is, or the file that it holds. */
  readonly as: "block" | "file";
  readonly maxBytes: number;
  readonly signal: AbortSignal;
};

/** It answered; asked in another way it may answer what we want. */
export class AnswerError extends Error {}

const client = createHttpClient();

/**
 * What the gateway answers, whatever it is. The errors it throws quote nothing of the gateway's answer or URL. Public gateways
 * redirect to a host of its own for each CID: what comes from there is verified like any other answer.
 * https://specs.ipfs.tech/http-gateways/trustless-gateway/
 */
export async function askGateway(gateway: URL, {cid, as, maxBytes, signal}: Asking): Promise<Uint8Array> {
  const url = urlBelow(gateway, `ipfs/${cid}`);
  if (as === "block") url.searchParams.set("format", "raw");
  const accept = as === "block" ? "application/vnd.ipld.raw" : "*/*";
  const {status, body} = await client({url, headers: {accept}, maxBytes, maxRedirects: 5, signal}).catch((error: unknown) => {
    throw error instanceof AnswerTooLongError ? new AnswerError(error.message) : error;
  });
  if (status !== 200) throw new AnswerError(`it answers ${status}`);
  return new Uint8Array(body);
}
