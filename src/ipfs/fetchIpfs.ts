import type {CID} from "multiformats/cid";
import {AnswerError, askGateway} from "./askGateway.js";
import {isBlockOf, parseCid} from "./cid.js";
import {maxBlockBytes, toFileBlock} from "./fileBlock.js";
import {firstGateway, type Gateways} from "./firstGateway.js";

type Options = Omit<Gateways, "timeoutMs"> & Partial<Pick<Gateways, "timeoutMs">>;

/**
 * Fetches the block that the CID names from the first gateway that has it; readFileBlock reads its file. Gateways are not
 * trusted: content that the CID does not name is refused, and the next gateway is tried. IPFS_UNAVAILABLE if none has it,
 * IPFS_CONTENT_INVALID for an unsupported CID.
 */
export async function fetchIpfs(cidText: string, {gateways, signal, timeoutMs = 10_000}: Options): Promise<Uint8Array> {
  const cid = parseCid(cidText);
  return firstGateway(cid.toString(), {gateways, signal, timeoutMs}, (gateway, within) => fetchFrom(gateway, cid, within));
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
