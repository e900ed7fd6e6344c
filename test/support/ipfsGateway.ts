import type {IncomingMessage, ServerResponse} from "node:http";
import {onTestFinished} from "vitest";
import {type CidKind, type IpfsFile, toIpfsFile} from "../../src/sandbox/chain/ipfsFile.js";
import {startLoopbackServer} from "../../src/sandbox/servers/loopbackServer.js";

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
  const {url, stop} = await startLoopbackServer((request, response) => {
    asked.push(request.url ?? "");
    headers.push(request.headers);
    answer(request, response);
  });
  onTestFinished(stop);
  return {url, host: new URL(url).host, asked, headers};
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

export type TestIpfs = TestGateway & {
  /** From now on it has a file of this text, under the CID that comes back. */
  add(text: string, as?: CidKind): Promise<string>;
  /** How it answers until it is told another time; undefined: as it should. */
  answerWith(answer: Answer | undefined): void;
};

/** A gateway with files of its own. */
export async function startTestIpfs(): Promise<TestIpfs> {
  const files = new Map<string, IpfsFile>();
  let instead: Answer | undefined;
  const gateway = await startTestGateway((request, response) => {
    if (instead) return instead(request, response);
    const file = files.get(/\/ipfs\/(\w+)/.exec(request.url ?? "")?.[1] ?? "");
    return (file ? answers.of(file.block, file.content) : answers.send("no such file", 404))(request, response);
  });
  return {
    ...gateway,
    async add(text, as) {
      const file = await toIpfsFile(text, as);
      files.set(file.cid, file);
      return file.cid;
    },
    answerWith(answer) {
      instead = answer;
    },
  };
}
