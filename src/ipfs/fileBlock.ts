import {decode, encode, prepare} from "@ipld/dag-pb";
import {UnixFS} from "ipfs-unixfs";
import type {CID} from "multiformats/cid";
import {invalid, isBlockOf, parseCid, rawCode} from "./cid.js";

/** Larger files consist of several blocks: https://github.com/ipfs/kubo/blob/v0.32.0/docs/config.md#importunixfschunker */
export const maxContentBytes = 256 * 1024;
/** The content plus the framing of UnixFS and dag-pb. */
export const maxBlockBytes = maxContentBytes + 64;

/** Reads the file in a block; IPFS_CONTENT_INVALID unless the CID names this block and it is a whole file. */
export function readFileBlock(cidText: string, block: Uint8Array): Uint8Array {
  const cid = parseCid(cidText);
  if (!isBlockOf(cid, block)) throw invalid(cid, "the content is not what the CID names");
  if (cid.code === rawCode) return block;
  const {Data, Links} = decodeWith(cid, () => decode(block));
  if (Links.length > 0)
    throw invalid(cid, "it is a directory or a file of several blocks; only files of one block are supported");
  const file = decodeWith(cid, () => UnixFS.unmarshal(Data ?? new Uint8Array()));
  if (file.type !== "file" && file.type !== "raw") throw invalid(cid, `it is a ${file.type}, not a file`);
  return file.data ?? new Uint8Array();
}

/** Rebuilds the block of a file as programs that add files to IPFS do; undefined if the CID names another block. */
export function toFileBlock(cid: CID, content: Uint8Array): Uint8Array | undefined {
  const data = (): Uint8Array => new UnixFS({type: "file", data: content}).marshal();
  const block = cid.code === rawCode ? content : encode(prepare({Data: data(), Links: []}));
  return isBlockOf(cid, block) ? block : undefined;
}

function decodeWith<T>(cid: CID, decoding: () => T): T {
  try {
    return decoding();
  } catch {
    throw invalid(cid, "its block is not a UnixFS block");
  }
}
