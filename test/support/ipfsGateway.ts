import {once} from "node:events";
import {createServer, type IncomingMessage, type ServerResponse} from "node:http";
import type {AddressInfo} from "node:net";
import {encode, prepare} from "@ipld/dag-pb";
import {UnixFS} from "ipfs-unixfs";
import {CID} from "multiformats/cid";
import {sha256} from "multiformats/hashes/sha2";
import {onTestFinished} from "vitest";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export type TestGateway = {
  readonly url: string;
  readonly host: string;
  /** What was asked: path and query. */
  readonly asked: string[];
  /** With which headers. */
  readonly headers: IncomingMessage["headers"][];
};

/** An IPFS gateway of the test's own, that answers as the test says. */
export async function startTestGateway(answer: Answer): Promise<TestGateway> {
  const asked: string[] = [];
  const headers: IncomingMessage["headers"][] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    headers.push(request.headers);
    answer(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {url: `http://${host}`, host, asked, headers};
}

const send = (body: Uint8Array | string, status = 200): Answer => {
  return (_, response) => void response.writeHead(status).end(body);
};

/** How gateways answer, well and badly. */
export const answers = {
  /** The block or the file itself, as it is asked for. */
  of:
    (block: Uint8Array, content: Uint8Array): Answer =>
    ({url = ""}, response) =>
      void response.end(url.includes("format=raw") ? block : content),
  /** It knows nothing of blocks. */
  onlyFiles:
    (content: Uint8Array): Answer =>
    ({url = ""}, response) =>
      void (url.includes("format=") ? response.writeHead(400).end("no such format") : response.end(content)),
  send,
  hang: (() => {}) satisfies Answer,
  endless: ((_, response) => {
    const more = (): void => {
      while (response.write(Buffer.alloc(65_536))) if (response.destroyed) return;
      response.once("drain", more);
    };
    more();
  }) satisfies Answer,
  redirect: (to: string): Answer => {
    return ({url}, response) => void response.writeHead(301, {location: `${to}${url}`}).end();
  },
};

export type TestFile = {readonly cid: string; readonly block: Uint8Array; readonly content: Uint8Array};

/** A file of one block as IPFS has it: `raw` names it by its bytes, the others by what UnixFS puts around them. */
export async function aFile(text: string, as: "v0" | "v1" | "raw" = "v0"): Promise<TestFile> {
  const content = new TextEncoder().encode(text);
  const data = new UnixFS({type: "file", data: content}).marshal();
  const block = as === "raw" ? content : encode(prepare({Data: data, Links: []}));
  return {cid: await nameOf(block, as), block, content};
}

export async function nameOf(block: Uint8Array, as: "v0" | "v1" | "raw" = "v0"): Promise<string> {
  const hash = await sha256.digest(block);
  const cid = as === "v0" ? CID.createV0(hash) : CID.createV1(as === "raw" ? 0x55 : 0x70, hash);
  return cid.toString();
}

export type TestIpfs = TestGateway & {
  /** From now on it has a file of this text, under the CID that comes back. */
  add(text: string, as?: "v0" | "v1" | "raw"): Promise<string>;
  /** How it answers until it is told another time; undefined: as it should. */
  answerWith(answer: Answer | undefined): void;
};

/** A gateway with files of its own. */
export async function startTestIpfs(): Promise<TestIpfs> {
  const files = new Map<string, TestFile>();
  let instead: Answer | undefined;
  const gateway = await startTestGateway((request, response) => {
    if (instead) return instead(request, response);
    const file = files.get(/\/ipfs\/(\w+)/.exec(request.url ?? "")?.[1] ?? "");
    return (file ? answers.of(file.block, file.content) : answers.send("no such file", 404))(request, response);
  });
  return {
    ...gateway,
    async add(text, as) {
      const file = await aFile(text, as);
      files.set(file.cid, file);
      return file.cid;
    },
    answerWith(answer) {
      instead = answer;
    },
  };
}
