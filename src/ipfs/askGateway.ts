import {createHttpClient} from "../http/client.js";
import {urlBelow} from "../http/endpoints.js";
import {AnswerTooLongError} from "../http/failure.js";

type GatewayRequest = {
  readonly cid: string;
  /** The raw block, or the file in it. */
  readonly as: "block" | "file";
  readonly maxBytes: number;
  readonly signal: AbortSignal;
};

/** The gateway responded, but not with the content; another kind of request may work. */
export class AnswerError extends Error {}

const client = createHttpClient();

/**
 * Requests a CID from a gateway and returns the unverified content. Errors quote neither the response nor the URL. Public gateways
 * redirect to a separate host for each CID; content from there is verified like any other.
 * https://specs.ipfs.tech/http-gateways/trustless-gateway/
 */
export async function askGateway(gateway: URL, {cid, as, maxBytes, signal}: GatewayRequest): Promise<Uint8Array> {
  const url = urlBelow(gateway, `ipfs/${cid}`);
  if (as === "block") url.searchParams.set("format", "raw");
  const accept = as === "block" ? "application/vnd.ipld.raw" : "*/*";
  const {status, body} = await client({url, headers: {accept}, maxBytes, maxRedirects: 5, signal}).catch((error: unknown) => {
    throw error instanceof AnswerTooLongError ? new AnswerError(error.message) : error;
  });
  if (status !== 200) throw new AnswerError(`it answers ${status}`);
  return new Uint8Array(body);
}
