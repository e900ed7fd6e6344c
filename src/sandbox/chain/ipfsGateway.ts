import {type LoopbackServer, startLoopbackServer} from "../servers/loopbackServer.js";
import {type IpfsFile, toIpfsFile} from "./ipfsFile.js";

/** An IPFS gateway with files of ours. */
export type PlayedIpfs = LoopbackServer & {
  /** From now on it has a file of this text, under the CID that comes back. */
  add(text: string): Promise<string>;
};

/** Plays an IPFS gateway on loopback. */
export async function startIpfsGateway(): Promise<PlayedIpfs> {
  const files = new Map<string, IpfsFile>();
  const server = await startLoopbackServer(({url = ""}, response) => {
    const file = files.get(/\/ipfs\/(\w+)/.exec(url)?.[1] ?? "");
    if (!file) return void response.writeHead(404).end("no such file");
    response.end(url.includes("format=raw") ? file.block : file.content);
  });
  return {
    ...server,
    async add(text) {
      const file = await toIpfsFile(text);
      files.set(file.cid, file);
      return file.cid;
    },
  };
}
