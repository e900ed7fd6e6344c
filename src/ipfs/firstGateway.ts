import {DvtError} from "../errors.js";
import {abortsWithin} from "../runtime/abortsWithin.js";

/** The gateways of IPFS_FETCH_ENDPOINTS, and the timeout for one of them. */
export type Gateways = {
  /** Errors name only the host, because login, path and query may be keys. */
  readonly gateways: readonly URL[];
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
};

/** The result of the first gateway that has the file with this CID; IPFS_UNAVAILABLE, with what each said, if none has it. */
export async function firstGateway<T>(
  cid: string,
  {gateways, signal, timeoutMs}: Gateways,
  ask: (gateway: URL, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const reasons: string[] = [];
  for (const gateway of gateways) {
    const within = abortsWithin(signal, timeoutMs);
    try {
      return await ask(gateway, within);
    } catch (error) {
      reasons.push(`${gateway.host}: ${(error as Error).message}`);
    }
    if (signal.aborted) break;
  }
  throw new DvtError("IPFS_UNAVAILABLE", `fetch ${cid} from IPFS: ${reasons.join("; ")}`);
}
