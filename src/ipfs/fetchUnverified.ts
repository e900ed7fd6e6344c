import {DvtError} from "../errors.js";
import {askGateway} from "./askGateway.js";
import {parseCid} from "./cid.js";

type Options<T> = {
  readonly gateways: readonly URL[];
  readonly signal: AbortSignal;
  readonly maxBytes: number;
  /** The timeout for one gateway. */
  readonly timeoutMs?: number;
  /** Reads and verifies the content by other means than the CID; throws if it is not what was wanted. */
  readonly read: (content: Uint8Array) => T;
};

/**
 * Fetches a file of any number of blocks from the first gateway whose content `read` accepts. The content is not compared with the
 * CID: only for what proves itself. IPFS_UNAVAILABLE if no gateway has it.
 */
export async function fetchUnverified<T>(
  cidText: string,
  {gateways, signal, maxBytes, timeoutMs = 20_000, read}: Options<T>,
): Promise<T> {
  const cid = parseCid(cidText).toString();
  const reasons: string[] = [];
  for (const gateway of gateways) {
    const within = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    try {
      return read(await askGateway(gateway, {cid, as: "file", maxBytes, signal: within}));
    } catch (error) {
      reasons.push(`${gateway.host}: ${(error as Error).message}`);
    }
    if (signal.aborted) break;
  }
  throw new DvtError("IPFS_UNAVAILABLE", `fetch ${cid} from IPFS: ${reasons.join("; ")}`);
}
