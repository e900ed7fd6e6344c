import type {CID} from "multiformats/cid";
import {DvtError} from "../errors.js";
import {AnswerError, askGateway} from "./askGateway.js";
import {isBlockOf, parseCid} from "./cid.js";
import {maxBlockBytes, toFileBlock} from "./fileBlock.js";

type Options = {
  /** The gateways of IPFS_FETCH_ENDPOINTS. Errors name only the host, because login, path and query may be keys. */
  readonly gateways: readonly URL[];
  readonly signal: AbortSignal;
  /** The timeout for one gateway. */
  readonly timeoutMs?: number;
};

/**
 * Fetches the block that the CID names from the first gateway that has it; readFileBlock reads its file. Gateways are not
 * trusted: content that the CID does not name is refused, and the next gateway is tried. IPFS_UNAVAILABLE if none has it,
 * IPFS_CONTENT_INVALID for an unsupported CID.
 */
export async function fetchIpfs(cidText: string, {gateways, signal, timeoutMs = 10_000}: Options): Promise<Uint8Array> {
  const cid = parseCid(cidText);
  const reasons: string[] = [];
  for (const gateway of gateways) {
    const within = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    try {
      return await fetchFrom(gateway, cid, within);
    } catch (error) {
      reasons.push(`${gateway.host}: ${(error as Error).message}`);
    }
    if (signal.aborted) break;
  }
  throw new DvtError("IPFS_UNAVAILABLE", `fetch ${cid} from IPFS: ${reasons.join("; ")}`);
}

/** Fetches the block, or else the file, from which the block is rebuilt: some gateways serve only files. */
async function fetchFrom(gateway: URL, cid: CID, signal: AbortSignal): Promise<Uint8Array> {
  const asking = {cid: cid.toString(), maxBytes: maxBlockBytes, signal};
  try {
    return verify(cid, await askGateway(gateway, {...asking, as: "block"}));
  } catch (error) {
    if (!(error instanceof AnswerError)) throw error;
  }
  return verify(cid, await askGateway(gateway, {...asking, as: "file"}));
}

function verify(cid: CID, answer: Uint8Array): Uint8Array {
  const block = isBlockOf(cid, answer) ? answer : toFileBlock(cid, answer);
  if (!block) throw new AnswerError("its answer is not what the CID names");
  return block;
}
