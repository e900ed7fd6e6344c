import {createHash} from "node:crypto";
import {CID} from "multiformats/cid";
import {DvtError} from "../errors.js";

/** https://github.com/multiformats/multicodec/blob/fc5cbcecbee2ff92f3fb4abd49d81aa63d9a83da/table.csv */
const sha256Code = 0x12;
export const rawCode = 0x55;
export const dagPbCode = 0x70;

/**
 * Parses a CID of version 0 or 1, with or without ipfs://; IPFS_CONTENT_INVALID unless it is the SHA-256 of a dag-pb or raw
 * block.
 */
export function parseCid(text: string): CID {
  let cid: CID;
  try {
    cid = CID.parse(text.replace(/^ipfs:\/\//, ""));
  } catch {
    throw invalid(text, "it is not a CID");
  }
  const isKnown = cid.code === rawCode || cid.code === dagPbCode;
  if (!isKnown || cid.multihash.code !== sha256Code || cid.multihash.digest.length !== 32) {
    throw invalid(text, "it is not the SHA-256 of a dag-pb or raw block");
  }
  return cid;
}

export const isBlockOf = ({multihash}: CID, block: Uint8Array): boolean =>
  createHash("sha256").update(block).digest().equals(multihash.digest);

/** The error for a CID, whose text comes from others and may be anything. */
export const invalid = (cid: CID | string, problem: string): DvtError => {
  const name = String(cid)
    .replace(/[^A-Za-z0-9:/]/g, "?")
    .slice(0, 80);
  return new DvtError("IPFS_CONTENT_INVALID", `read ${name} from IPFS: ${problem}`);
};
