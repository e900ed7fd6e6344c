import {askGateway} from "./askGateway.js";
import {parseCid} from "./cid.js";
import {firstGateway, type Gateways} from "./firstGateway.js";

type Options<T> = Omit<Gateways, "timeoutMs"> & {
  readonly maxBytes: number;
  /** Reads and verifies the content by other means than the CID; throws if it is not what was wanted. */
  readonly read: (content: Uint8Array) => T;
};

/** A file of many blocks takes a gateway longer than one block. */
const timeoutMs = 20_000;

/**
 * Fetches a file of any number of blocks from the first gateway whose content `read` accepts. The content is not compared with the
 * CID: only for what proves itself. IPFS_UNAVAILABLE if no gateway has it.
 */
export async function fetchUnverified<T>(cidText: string, {gateways, signal, maxBytes, read}: Options<T>): Promise<T> {
  const cid = parseCid(cidText).toString();
  return firstGateway(cid, {gateways, signal, timeoutMs}, async (gateway, within) =>
    read(await askGateway(gateway, {cid, as: "file", maxBytes, signal: within})),
  );
}
