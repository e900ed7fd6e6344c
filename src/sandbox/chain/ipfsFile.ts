import {encode, prepare} from "@ipld/dag-pb";
import {UnixFS} from "ipfs-unixfs";
import {CID} from "multiformats/cid";
import {sha256} from "multiformats/hashes/sha2";

/** A file of one block as IPFS has it. */
export type IpfsFile = {readonly cid: string; readonly block: Uint8Array; readonly content: Uint8Array};
/** `raw` names a file by its bytes, the others by what UnixFS puts around them. */
export type CidKind = "v0" | "v1" | "raw";

/** Makes a file of one block. */
export async function toIpfsFile(text: string, as: CidKind = "v0"): Promise<IpfsFile> {
  const content = new TextEncoder().encode(text);
  const data = new UnixFS({type: "file", data: content}).marshal();
  const block = as === "raw" ? content : encode(prepare({Data: data, Links: []}));
  return {cid: await nameBlock(block, as), block, content};
}

/** The CID of a block. */
export async function nameBlock(block: Uint8Array, as: CidKind = "v0"): Promise<string> {
  const hash = await sha256.digest(block);
  const cid = as === "v0" ? CID.createV0(hash) : CID.createV1(as === "raw" ? 0x55 : 0x70, hash);
  return cid.toString();
}
