import {encode, prepare} from "@ipld/dag-pb";
import {UnixFS} from "ipfs-unixfs";
import {CID} from "multiformats/cid";
import {sha512} from "multiformats/hashes/sha2";
import {describe, expect, it} from "vitest";
import {readFileBlock} from "../../../src/ipfs/fileBlock.js";
import {nameBlock, toIpfsFile} from "../../../src/sandbox/chain/ipfsFile.js";

const text = "hello world\n";
/** As `ipfs add`, with --cid-version=1 and with --raw-leaves too, names this file. */
const names = {
  v0: "QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o",
  v1: "bafybeicg2rebjoofv4kbyovkw7af3rpiitvnl6i7ckcywaq6xjcxnc2mby",
  raw: "bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4",
} as const;
const read = (cid: string, block: Uint8Array): string => new TextDecoder().decode(readFileBlock(cid, block));

describe("readFileBlock", () => {
  it.each(["v0", "v1", "raw"] as const)("reads the file that a CID %s names", async (as) => {
    const {cid, block} = await toIpfsFile(text, as);
    expect(cid).toBe(names[as]);
    expect(read(cid, block)).toBe(text);
    expect(read(`ipfs://${cid}`, block)).toBe(text);
  });

  it("reads a file with nothing in it", async () => {
    const block = encode(prepare({Data: new UnixFS({type: "file"}).marshal(), Links: []}));
    expect(read(await nameBlock(block), block)).toBe("");
  });

  it.each(["v0", "v1", "raw"] as const)("refuses another block than a CID %s names", async (as) => {
    const {cid} = await toIpfsFile(text, as);
    const {block} = await toIpfsFile("hello world", as);
    expect(() => readFileBlock(cid, block)).toThrow(expect.objectContaining({code: "IPFS_CONTENT_INVALID"}));
  });

  const part = {Hash: CID.parse(names.raw), Name: "", Tsize: text.length};
  it.each([
    {id: "a file of several blocks", block: encode(prepare({Data: new UnixFS({type: "file"}).marshal(), Links: [part]}))},
    {id: "a directory", block: encode(prepare({Data: new UnixFS({type: "directory"}).marshal(), Links: []}))},
    {id: "what is no UnixFS", block: encode(prepare({Data: new Uint8Array([255, 255]), Links: []}))},
    {id: "what is no dag-pb", block: new TextEncoder().encode("<html>")},
  ])("refuses $id, also where the CID names it", async ({block}) => {
    const cid = await nameBlock(block);
    expect(() => readFileBlock(cid, block)).toThrow(expect.objectContaining({code: "IPFS_CONTENT_INVALID"}));
  });

  it.each([
    {id: "no CID", cid: "QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5"},
    {id: "nothing", cid: ""},
    {id: "a path", cid: `${names.v0}/../../admin`},
    {id: "another codec", cid: CID.createV1(0x71, CID.parse(names.v1).multihash).toString()},
    {id: "another hash", cid: CID.createV1(0x55, sha512.digest(new Uint8Array(1)) as never).toString()},
  ])("refuses $id as the name", ({cid}) => {
    expect(() => readFileBlock(cid, new Uint8Array())).toThrow(expect.objectContaining({code: "IPFS_CONTENT_INVALID"}));
  });
});
