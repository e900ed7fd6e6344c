import {text} from "node:stream/consumers";
import {encodeAbiParameters, parseAbiParameters} from "viem";
import {getChainId} from "viem/actions";
import {expect, it, onTestFinished} from "vitest";
import {networks} from "../../src/consensus/networks.js";
import {connectExecution} from "../../src/execution/connectExecution.js";
import {createNode} from "../../src/execution/node.js";
import {createWallet} from "../../src/execution/wallet.js";
import {startLoopbackServer} from "../../src/sandbox/servers/loopbackServer.js";
import {aLogger} from "../support/logger.js";

const {signal} = new AbortController();
const chain = networks.hoodi;
const forged = `\u001b[2J\u202e\nregistered by 0xdead:\n0xbeef${"z".repeat(3000)}`;
const oneShortLine = /^[\x20-\x7e]{1,400}$/;

/** A node that says which chain it is, and answers everything else so. */
async function aNode(answer: object | string): Promise<string> {
  const {url, stop} = await startLoopbackServer(async (request, response) => {
    const {id, method} = JSON.parse(await text(request));
    const said = method === "eth_chainId" && typeof answer === "object" ? {result: `0x${chain.chainId.toString(16)}`} : answer;
    const body = typeof said === "string" ? said : JSON.stringify({jsonrpc: "2.0", id, ...said});
    response.writeHead(200, {"content-type": "application/json"}).end(body);
  });
  onTestFinished(stop);
  return url;
}

async function aWallet(answer: object) {
  const execution = await connectExecution(await aNode(answer), {chain, signal, logger: aLogger().logger});
  return createWallet(execution, new Uint8Array(32).fill(7), chain.chainId);
}

it("an execution node cannot write lines of its own to a terminal or a log, by the code of an error", async () => {
  const wallet = await aWallet({error: {code: forged, message: forged}});
  const error: Error = await wallet.readFees().then(
    () => new Error("it was answered"),
    (it: Error) => it,
  );
  expect(error.message).toMatch(/^ask execution endpoint 127\.0\.0\.1:\d+: it answers error without a number$/);
});

it("nor by what it has a contract say", async () => {
  const data = `0x08c379a0${encodeAbiParameters(parseAbiParameters("string"), [forged]).slice(2)}`;
  const wallet = await aWallet({error: {code: 3, message: "execution reverted", data}});
  const refused = await wallet.estimate({to: `0x${"11".repeat(20)}`, data: "0x"});
  expect(refused).toEqual({revert: expect.stringMatching(oneShortLine)});
  expect(refused).toEqual({revert: expect.stringContaining("?registered by 0xdead:?0xbeef")});
});

it("a node whose latest block is old is named with the other reason that there may be", async () => {
  const wallet = await aWallet({result: {number: "0x7", timestamp: "0x1", hash: `0x${"12".repeat(32)}`, transactions: []}});
  await expect(wallet.read()).rejects.toMatchObject({
    message: expect.stringMatching(/: its latest block 7 is \d+ minutes old: it is behind, or this machine's clock is wrong$/),
  });
});

it("an address that is no execution node is named in words that help", async () => {
  const url = await aNode("<html>");
  const asking = createNode(new URL(url), {chain, signal}).ask(getChainId);
  await expect(asking).rejects.toMatchObject({
    code: "EXECUTION_UNAVAILABLE",
    message: expect.stringMatching(/: its answer is not JSON; is it the URL of an execution node\?$/),
  });
});
