import {once} from "node:events";
import {createServer, type IncomingMessage} from "node:http";
import {onTestFinished} from "vitest";

export type RpcCall = {readonly method: string; readonly params: readonly unknown[]};
/** What the proxy says in the endpoint's place; undefined lets the endpoint answer, "hang" is never an answer. */
export type RpcAnswer = {readonly status?: number; readonly body: unknown} | "hang" | undefined;

export type RpcProxy = {
  /** With a login, a key in its path and one in its query. */
  readonly url: string;
  readonly host: string;
  readonly calls: RpcCall[];
  /** Of each eth_getLogs, the first and the last block. */
  ranges(): [number, number][];
  /** When this many more have been answered. */
  answered(method: string, count: number): Promise<void>;
  /** From now on. */
  answerWith(answer: (call: RpcCall, forward: () => Promise<unknown>) => RpcAnswer | Promise<RpcAnswer>): void;
};

/** Stands in all its keys, so that a log or an error can be searched for it. */
export const canary = "canary7f3a";

export const rpcError = (code: number, message = `no, ${canary}`): unknown => ({jsonrpc: "2.0", id: 1, error: {code, message}});
export const rpcResult = (result: unknown): unknown => ({jsonrpc: "2.0", id: 1, result});

export const rangeOf = ({params}: RpcCall): [number, number] => {
  const {fromBlock, toBlock} = params[0] as {fromBlock: string; toBlock: string};
  return [Number(fromBlock), Number(toBlock)];
};

/** Stands before an endpoint, counts what is asked, and can answer in its place. */
export async function startRpcProxy(target: string): Promise<RpcProxy> {
  const calls: RpcCall[] = [];
  const waiting = new Set<(method: string) => void>();
  let answerWith: Parameters<RpcProxy["answerWith"]>[0] = () => undefined;
  const forward = async (body: string): Promise<unknown> =>
    (await fetch(target, {method: "POST", headers: {"content-type": "application/json"}, body})).json();

  const server = createServer(async (request, response) => {
    const body = await readAll(request);
    const call = JSON.parse(body) as RpcCall & {id: number};
    calls.push(call);
    const answer = await answerWith(call, () => forward(body));
    if (answer === "hang") return;
    const {status = 200, body: said} = answer ?? {body: await forward(body)};
    const text = typeof said === "string" ? said : JSON.stringify({...(said as object), id: call.id});
    response.writeHead(status, {"content-type": typeof said === "string" ? "text/html" : "application/json"}).end(text);
    for (const notify of waiting) notify(call.method);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const host = `127.0.0.1:${(server.address() as {port: number}).port}`;
  return {
    url: `http://${canary}:${canary}@${host}/v2/${canary}?token=${canary}`,
    host,
    calls,
    ranges: () => calls.filter(({method}) => method === "eth_getLogs").map(rangeOf),
    answered(method, count) {
      let left = count;
      return new Promise((resolve) => {
        const notify = (answered: string): void => {
          if (answered !== method || --left > 0) return;
          waiting.delete(notify);
          resolve();
        };
        waiting.add(notify);
      });
    },
    answerWith(answer) {
      answerWith = answer;
    },
  };
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
