import {once} from "node:events";
import {createServer} from "node:net";
import {afterAll, beforeAll, describe, expect, it, onTestFinished} from "vitest";
import {networks} from "../../../src/consensus/networks.js";
import {connectExecution, type Execution} from "../../../src/execution/connectExecution.js";
import type {BlockRef} from "../../../src/execution/heads.js";
import type {NodeOptions} from "../../../src/execution/node.js";
import {type SsvEvent, scanSsvEvents} from "../../../src/execution/ssvNetwork.js";
import {type Anvil, finalize, startAnvil} from "../../../src/sandbox/chain/anvil.js";
import {
  canary,
  type RpcAnswer,
  type RpcProxy,
  rangeOf,
  rpcError,
  rpcResult,
  startRpcProxy,
} from "../../support/chain/rpcProxy.js";
import {anOwner, deploySsvContract, operators, type TestSsvContract} from "../../support/chain/ssvContract.js";
import {aLogger} from "../../support/logger.js";

const owner = anOwner();
const keys = ["01", "02", "03"].map((start) => `0x${start.padEnd(96, "7")}`);
let anvil: Anvil;
let contract: TestSsvContract;
let head: number;

beforeAll(async () => {
  anvil = await startAnvil({chainId: networks.hoodi.chainId});
  contract = await deploySsvContract(anvil);
  for (const publicKey of keys) {
    await contract.remove({owner, operatorIds: operators, publicKey});
    await anvil.rpc("anvil_mine", "0x64");
  }
  await finalize(anvil);
  head = Number(await anvil.rpc("eth_blockNumber")) - 2;
});
afterAll(() => anvil.stop());

async function connect(endpoints: readonly string[], options: NodeOptions = {}, chain = networks.hoodi) {
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  const {logger, logged} = aLogger();
  const execution = await connectExecution(endpoints.join(","), {
    chain,
    signal: controller.signal,
    logger,
    timeoutMs: 5000,
    laterMs: 5,
    ...options,
  });
  return {execution, logged, controller};
}

/** The keys that are found, and where each page ended. */
async function scan(execution: Execution, {fromBlock = 0, known}: {fromBlock?: number; known?: BlockRef} = {}) {
  const events: SsvEvent[] = [];
  const ends: number[] = [];
  let from = fromBlock;
  await execution.run((node) =>
    scanSsvEvents(node, {
      contract: {address: contract.address, firstBlock: 0},
      fromBlock: from,
      known,
      async onPage(page) {
        events.push(...page.events);
        ends.push(page.toBlock);
        from = page.toBlock + 1;
      },
    }),
  );
  return {found: events.map(({publicKey}) => publicKey), events, ends};
}

const refuseBeyond =
  (blocks: number, answer: RpcAnswer): Parameters<RpcProxy["answerWith"]>[0] =>
  (call) => {
    if (call.method !== "eth_getLogs") return undefined;
    const [from, to] = rangeOf(call);
    return to - from >= blocks ? answer : undefined;
  };

describe("scanning logs", () => {
  it("finds all up to the finalized head, decoded, in one range where the endpoint takes it", async () => {
    const proxy = await startRpcProxy(anvil.url);
    const {execution} = await connect([proxy.url]);
    const {events, ends} = await scan(execution);
    expect(events.map(({block: _, ...event}) => event)).toEqual(
      keys.map((publicKey) => ({kind: "removed", owner, operatorIds: operators.map(BigInt), publicKey})),
    );
    expect(ends).toEqual([head]);
    expect(proxy.ranges()).toEqual([[0, head]]);
  });

  it.each<{id: string; answer: RpcAnswer}>([
    {id: "an error of JSON-RPC", answer: {body: rpcError(-32005)}},
    {id: "an error in words of its own", answer: {body: rpcError(-32602)}},
    {id: "413", answer: {status: 413, body: "too large"}},
    {id: "400 and an error", answer: {status: 400, body: rpcError(35)}},
    {id: "no answer in time", answer: "hang"},
  ])("asks for less where the endpoint refuses a long range with $id", async ({answer}) => {
    const proxy = await startRpcProxy(anvil.url);
    proxy.answerWith(refuseBeyond(200, answer));
    const {execution} = await connect([proxy.url], {timeoutMs: answer === "hang" ? 300 : 5000});
    expect((await scan(execution)).found).toEqual(keys);
  });

  it("misses no block and asks for none twice, however short the range", async () => {
    const proxy = await startRpcProxy(anvil.url);
    proxy.answerWith(refuseBeyond(7, {body: rpcError(-32005)}));
    const {execution} = await connect([proxy.url]);
    const {found, ends} = await scan(execution);
    expect(found).toEqual(keys);
    const answered = proxy.ranges().filter(([from, to]) => to - from < 7);
    expect(answered.flatMap(([from, to]) => Array.from({length: to - from + 1}, (_, offset) => from + offset))).toEqual(
      Array.from({length: head + 1}, (_, block) => block),
    );
    expect(ends).toEqual(answered.map(([, to]) => to));
  });

  it("does not take a round number of logs for all of them", async () => {
    const proxy = await startRpcProxy(anvil.url);
    proxy.answerWith(async (call, forward) => {
      if (call.method !== "eth_getLogs") return undefined;
      const {result} = (await forward()) as {result: unknown[]};
      const [from, to] = rangeOf(call);
      return to - from < 50 || result.length === 0 ? undefined : {body: rpcResult(Array(1000).fill(result[0]))};
    });
    const {execution} = await connect([proxy.url]);
    expect((await scan(execution)).found).toEqual(keys);
  });

  it("asks again, a little later, where there were too many requests", async () => {
    const proxy = await startRpcProxy(anvil.url);
    let refusals = 3;
    proxy.answerWith(({method}) => {
      if (method !== "eth_getLogs" || refusals-- <= 0) return undefined;
      return {status: 429, body: rpcError(-32005)};
    });
    const {execution} = await connect([proxy.url]);
    expect((await scan(execution)).ends).toEqual([head]);
  });

  it.each<{id: string; answer: RpcAnswer}>([
    {id: "refuses a single block", answer: {body: rpcError(-32000)}},
    {id: "does not know the method", answer: {body: rpcError(-32601)}},
    {id: "answers 403", answer: {status: 403, body: rpcError(-32000)}},
    {id: "answers 500", answer: {status: 500, body: "oops"}},
    {id: "has too many requests for good", answer: {status: 429, body: "later"}},
    {id: "answers HTML", answer: {body: "<html>"}},
    {id: "answers null", answer: {body: rpcResult(null)}},
    {id: "answers with what are no logs", answer: {body: rpcResult([{address: 5}])}},
  ])("ends with EXECUTION_UNAVAILABLE where the endpoint $id", async ({answer}) => {
    const proxy = await startRpcProxy(anvil.url);
    proxy.answerWith(({method}) => (method === "eth_getLogs" ? answer : undefined));
    const {execution} = await connect([proxy.url]);
    const error = await scan(execution).catch((it) => it);
    expect(error).toMatchObject({code: "EXECUTION_UNAVAILABLE", message: expect.stringContaining(proxy.host)});
    expect(`${error.stack} ${JSON.stringify(error)} ${error.cause}`).not.toContain(canary);
  });

  it.each<{id: string; change: (log: Record<string, unknown>) => Record<string, unknown>}>([
    {id: "of another contract", change: (log) => ({...log, address: anOwner()})},
    {id: "of another block", change: (log) => ({...log, blockNumber: "0xfffff"})},
    {id: "of no block yet", change: (log) => ({...log, blockNumber: null})},
  ])("takes nothing from an endpoint that answers with logs $id", async ({change}) => {
    const proxy = await startRpcProxy(anvil.url);
    proxy.answerWith(async ({method}, forward) => {
      if (method !== "eth_getLogs") return undefined;
      const {result} = (await forward()) as {result: Record<string, unknown>[]};
      return {body: rpcResult(result.map(change))};
    });
    const {execution} = await connect([proxy.url]);
    await expect(scan(execution)).rejects.toMatchObject({code: "EXECUTION_UNAVAILABLE"});
  });

  it("leaves out what does not decode", async () => {
    const proxy = await startRpcProxy(anvil.url);
    proxy.answerWith(async ({method}, forward) => {
      if (method !== "eth_getLogs") return undefined;
      const {result} = (await forward()) as {result: {data: string}[]};
      return {body: rpcResult(result.map((log, position) => (position === 1 ? {...log, data: log.data.slice(0, 200)} : log)))};
    });
    const {execution} = await connect([proxy.url]);
    expect((await scan(execution)).found).toEqual([keys[0], keys[2]]);
  });

  it("ends when it is told to", async () => {
    const proxy = await startRpcProxy(anvil.url);
    const {execution, controller} = await connect([proxy.url]);
    proxy.answerWith(({method}) => {
      if (method !== "eth_getLogs") return undefined;
      controller.abort();
      return "hang";
    });
    await expect(scan(execution)).rejects.toThrow();
  });
});

describe("several endpoints", () => {
  it("goes on with another one from where the first fell silent, and stays with it", async () => {
    const [first, second] = [await startRpcProxy(anvil.url), await startRpcProxy(anvil.url)];
    first.answerWith((call) => {
      if (call.method !== "eth_getLogs") return undefined;
      const [from, to] = rangeOf(call);
      if (to - from >= 100) return {body: rpcError(-32005)};
      return from > 0 ? {status: 502, body: "gone"} : undefined;
    });
    const {execution, logged} = await connect([first.url, second.url]);
    const {found, ends} = await scan(execution);
    expect(found).toEqual(keys);
    expect(second.ranges()).toEqual([[(ends[0] as number) + 1, head]]);
    const asked = first.calls.length;
    await scan(execution);
    expect(first.calls.length).toBe(asked);
    expect(logged).toEqual([expect.objectContaining({endpoint: first.host, code: "EXECUTION_UNAVAILABLE"})]);
    expect(JSON.stringify(logged)).not.toContain(canary);
  });

  it("works while one of them cannot be reached", async () => {
    const {execution, logged} = await connect([await deadUrl(), anvil.url]);
    expect((await scan(execution)).found).toEqual(keys);
    expect(logged[0]).toMatchObject({code: "EXECUTION_UNAVAILABLE"});
  });

  it("is EXECUTION_UNAVAILABLE when none can be reached", async () => {
    const error = await connect([await deadUrl(), await deadUrl()]).catch((it) => it);
    expect(error).toMatchObject({code: "EXECUTION_UNAVAILABLE", message: expect.stringContaining("ECONNREFUSED")});
    expect(`${error.stack} ${error.cause}`).not.toContain(canary);
  });

  it("is refused when any of them is of another chain", async () => {
    await expect(connect([anvil.url, anvil.url], {}, networks.mainnet)).rejects.toMatchObject({code: "EXECUTION_CHAIN_MISMATCH"});
    const other = await startRpcProxy(anvil.url);
    other.answerWith(({method}) => (method === "eth_chainId" ? {body: rpcResult("0x1")} : undefined));
    await expect(connect([anvil.url, other.url])).rejects.toMatchObject({
      code: "EXECUTION_CHAIN_MISMATCH",
      message: expect.stringMatching(/chain 1;.*560048/),
    });
  });

  it("passes over one that turns out to be of another chain only later", async () => {
    const [first, other] = [await startRpcProxy(anvil.url), await startRpcProxy(anvil.url)];
    other.answerWith(() => ({status: 503, body: "starting"}));
    const {execution} = await connect([other.url, first.url]);
    other.answerWith(({method}) => (method === "eth_chainId" ? {body: rpcResult("0x1")} : undefined));
    expect((await scan(execution)).found).toEqual(keys);
    expect(other.ranges()).toEqual([]);
  });

  it("passes over one that has another block in the place of one that was final", async () => {
    const other = await startRpcProxy(anvil.url);
    const {hash} = await anvil.rpc<{hash: string}>("eth_getBlockByNumber", "0x64", false);
    other.answerWith(async ({method, params}, forward) => {
      if (method !== "eth_getBlockByNumber" || params[0] !== "0x64") return undefined;
      const {result} = (await forward()) as {result: object};
      return {body: rpcResult({...result, hash: `0x${"55".repeat(32)}`})};
    });
    const known = {number: 100, hash};
    const {execution} = await connect([other.url, anvil.url]);
    expect((await scan(execution, {fromBlock: 101, known})).found).toEqual([keys[1], keys[2]]);
    expect(other.ranges()).toEqual([]);
    const {execution: alone} = await connect([other.url]);
    await expect(scan(alone, {fromBlock: 101, known})).rejects.toMatchObject({code: "EXECUTION_CHAIN_MISMATCH"});
  });

  it("takes one that lags behind for one with nothing new", async () => {
    const {execution} = await connect([anvil.url]);
    const {ends} = await scan(execution, {fromBlock: head + 100, known: {number: head + 99, hash: "0x00"}});
    expect(ends).toEqual([]);
  });

  it.each([
    {id: "no URL", endpoints: "somewhere"},
    {id: "a WebSocket", endpoints: "ws://127.0.0.1:8545"},
    {id: "nothing after a comma", endpoints: "http://127.0.0.1:8545,"},
  ])("is CONFIG_INVALID for $id", async ({endpoints}) => {
    await expect(connect([endpoints])).rejects.toMatchObject({code: "CONFIG_INVALID"});
  });
});

it("passes over a node that has dropped old logs, and answers as if there were none", async () => {
  const [dropping, whole] = [await startRpcProxy(anvil.url), await startRpcProxy(anvil.url)];
  dropping.answerWith(async (call, forward) => {
    if (call.method === "eth_getLogs") return {body: rpcResult([])};
    if (call.method !== "eth_getBlockByNumber" || !String(call.params[0]).startsWith("0x")) return onLongChain(call, forward);
    const {result} = (await forward()) as {result: object};
    return {body: rpcResult({...result, logsBloom: `0x${"01".repeat(256)}`})};
  });
  whole.answerWith(onLongChain);
  const {execution, logged} = await connect([dropping.url, whole.url]);
  expect((await scan(execution)).found).toEqual(keys);
  expect(logged[0]).toMatchObject({error: expect.stringContaining("dropped")});
});

/** As if so many empty blocks had come that nodes drop the logs of the first ones: to mine them takes half a minute. */
const onLongChain: Parameters<RpcProxy["answerWith"]>[0] = async ({method, params}, forward) => {
  if (method === "eth_getLogs")
    return {body: rpcResult(await anvil.rpc("eth_getLogs", {...(params[0] as object), toBlock: "latest"}))};
  if (method !== "eth_getBlockByNumber" || params[0] !== "finalized") return undefined;
  const {result} = (await forward()) as {result: {number: string}};
  return {body: rpcResult({...result, number: `0x${(Number(result.number) + 5120).toString(16)}`})};
};

/** Nobody listens there any more. */
async function deadUrl(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const {port} = server.address() as {port: number};
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}/${canary}`;
}
