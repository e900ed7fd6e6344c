import {appendFile, readFile, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it, onTestFinished} from "vitest";
import {networks} from "../../../src/consensus/networks.js";
import {type DepositRegistryOptions, openDepositRegistry} from "../../../src/registry/depositRegistry.js";
import {type Anvil, finalize, startAnvil} from "../../../src/sandbox/chain/anvil.js";
import {deployDepositContract} from "../../support/chain/depositContract.js";
import {canary, rangeOf, rpcError, rpcResult, startRpcProxy} from "../../support/chain/rpcProxy.js";
import {aDeposit, aTopUp, keyOf} from "../../support/examples/deposits.js";
import {aLogger} from "../../support/logger.js";
import {temporaryFolder} from "../../support/servers.js";

const network = networks.mainnet;
type Deposit = ReturnType<typeof aDeposit>;
const deposits = (...seeds: string[]) => seeds.map((seed) => aDeposit(network, seed));

let anvil: Anvil;
beforeAll(async () => {
  anvil = await startAnvil({chainId: network.chainId});
});
afterAll(() => anvil.stop());

/** A contract of the test's own on the shared chain, and what reads it through a proxy. */
async function createStage() {
  const [contract, proxy, folder] = await Promise.all([
    deployDepositContract(anvil),
    startRpcProxy(anvil.url),
    temporaryFolder(),
  ]);
  const checkpointFile = join(folder, "checkpoint.jsonl");
  const {logger, logged} = aLogger();
  const open = async (options: Partial<DepositRegistryOptions> = {}) => {
    const controller = new AbortController();
    // As after a kill.
    await rm(`${checkpointFile}.lock`, {force: true});
    const registry = await openDepositRegistry({
      endpoints: proxy.url,
      contract: contract.address,
      checkpointFile,
      network,
      logger,
      signal: controller.signal,
      node: {timeoutMs: 5000, laterMs: 5},
      onLost: () => {},
      ...options,
    });
    onTestFinished(async () => {
      controller.abort();
      await registry.close();
    });
    return registry;
  };
  return {contract, proxy, open, logged, checkpointFile};
}

const latest = async (): Promise<number> => Number(await anvil.rpc("eth_blockNumber"));

it("counts distinct keys with a valid signature, up to the latest block", async () => {
  const {contract, open} = await createStage();
  const [a, b, c, d] = ["a", "b", "c", "d"].map((seed) => aDeposit(network, seed)) as [Deposit, Deposit, Deposit, Deposit];
  const forged = {...aDeposit(network, "forged"), amount: 1n};
  await contract.deposit(aTopUp(a), a, a, aTopUp(a), forged, aDeposit(networks.gnosis, "foreign"));
  await contract.deposit(aDeposit(network, "b", {credentials: "02"}), b);
  await finalize(anvil);
  await contract.deposit(c, d);
  const registry = await open();
  const asked = ["a", "b", "c", "d", "forged", "foreign", "other"].map(keyOf);
  const {nextIndex, isRegistered} = await registry.read(asked);
  expect([nextIndex, ...asked.map(isRegistered)]).toEqual([4, true, true, true, true, false, false, false]);

  await contract.deposit(c, ...deposits("forged", "e"));
  expect((await registry.read([])).nextIndex).toBe(6);
  await finalize(anvil);
  expect((await registry.read([])).nextIndex).toBe(6);
});

it("takes back what the chain takes back", async () => {
  const {contract, open} = await createStage();
  await contract.deposit(...deposits("a"));
  await finalize(anvil);
  const registry = await open();
  const before = await anvil.rpc("evm_snapshot");
  await contract.deposit(...deposits("b", "c"));
  expect((await registry.read([])).nextIndex).toBe(3);
  await anvil.rpc("evm_revert", before);
  await contract.deposit(...deposits("d"));
  const {nextIndex, isRegistered} = await registry.read([keyOf("b"), keyOf("d")]);
  expect([nextIndex, isRegistered(keyOf("b")), isRegistered(keyOf("d"))]).toEqual([2, false, true]);
});

it("is read once for all who ask meanwhile", async () => {
  const {contract, proxy, open} = await createStage();
  await contract.deposit(...deposits("a"));
  const registry = await open();
  await registry.read([]);
  const asked = proxy.ranges().length;
  const views = await Promise.all(["a", "b", "c"].map((seed) => registry.read([keyOf(seed)])));
  expect(views.map(({isRegistered}, position) => isRegistered(keyOf(["a", "b", "c"][position] as string)))).toEqual([
    true,
    false,
    false,
  ]);
  expect(proxy.ranges().length).toBe(asked + 1);
});

describe("an endpoint", () => {
  it("that falls silent in mid-scan is left for another one, which goes on from there", async () => {
    const {contract, proxy, open, logged} = await createStage();
    const second = await startRpcProxy(anvil.url);
    await contract.deposit(...deposits("a"));
    const half = await latest();
    await anvil.rpc("anvil_mine", "0x14");
    await contract.deposit(...deposits("b"));
    await finalize(anvil);
    proxy.answerWith((call) => {
      if (call.method !== "eth_getLogs") return undefined;
      return rangeOf(call)[1] > half ? {body: rpcError(-32000)} : undefined;
    });
    const registry = await open({endpoints: `${proxy.url},${second.url}`});
    expect((await registry.read([])).nextIndex).toBe(2);
    // Of the block of the last deposit some may have been left out.
    expect(second.ranges()[0]?.[0]).toBe(half);
    expect(logged[0]).toMatchObject({endpoint: proxy.host, code: "EXECUTION_UNAVAILABLE"});
    expect(JSON.stringify(logged)).not.toContain(canary);
  });

  it.each([
    {id: "the first", leaves: 0},
    {id: "one in the middle", leaves: 1},
    {id: "the last that is final", leaves: 2},
    {id: "the latest", leaves: 3},
  ])("that leaves out $id is left for another one, and nothing of it is kept that is not complete", async ({leaves}) => {
    const {contract, proxy, open, logged, checkpointFile} = await createStage();
    await contract.deposit(...deposits("a", "b", "c"));
    await finalize(anvil);
    await contract.deposit(...deposits("d"));
    proxy.answerWith(async (call, forward) => {
      if (call.method !== "eth_getLogs") return undefined;
      const {result} = (await forward()) as {result: {data: string}[]};
      return {body: rpcResult(result.filter(({data}) => Number.parseInt(data.slice(-64, -62), 16) !== leaves))};
    });
    await expect((await open()).read([])).rejects.toMatchObject({code: "EXECUTION_UNAVAILABLE"});
    const other = await open({endpoints: `${proxy.url},${anvil.url}`, checkpointFile: `${checkpointFile}.2`});
    const {nextIndex, isRegistered} = await other.read(["a", "b", "c", "d"].map(keyOf));
    expect([nextIndex, ...["a", "b", "c", "d"].map((seed) => isRegistered(keyOf(seed)))]).toEqual([4, true, true, true, true]);
    expect(logged[0]).toMatchObject({
      endpoint: proxy.host,
      error: expect.stringMatching(/omits deposits|but the contract counts/),
    });
    await other.close();
    proxy.answerWith(() => undefined);
    expect((await (await open({checkpointFile: `${checkpointFile}.2`})).read([])).nextIndex).toBe(4);
  });

  it.each([
    {id: "has fewer blocks than were final", change: {number: "0x0"}},
    {id: "has had no block for long", change: {timestamp: "0x5f5e100"}},
  ])("that $id is behind", async ({change}) => {
    const {contract, proxy, open} = await createStage();
    const second = await startRpcProxy(anvil.url);
    await contract.deposit(...deposits("a"));
    await finalize(anvil);
    proxy.answerWith(async ({method, params}, forward) => {
      if (method !== "eth_getBlockByNumber" || params[0] !== "latest") return undefined;
      const {result} = (await forward()) as {result: object};
      return {body: rpcResult({...result, ...change})};
    });
    const alone = await open();
    await expect(alone.read([])).rejects.toMatchObject({code: "EXECUTION_UNAVAILABLE"});
    expect((await (await open({endpoints: `${proxy.url},${second.url}`})).read([])).nextIndex).toBe(1);
  });
});

describe("the checkpoint", () => {
  it("spares a restart what is final", async () => {
    const {contract, proxy, open} = await createStage();
    await contract.deposit(...deposits("a", "b"));
    await finalize(anvil);
    await (await open()).read([]);
    const final = (await latest()) - 2;
    const asked = proxy.ranges().length;
    expect((await (await open()).read([])).nextIndex).toBe(2);
    expect(proxy.ranges().slice(asked)).toEqual([[final + 1, final + 2]]);
  });

  it("loses nothing but its last line where that was cut short", async () => {
    const {contract, proxy, open, logged, checkpointFile} = await createStage();
    await contract.deposit(...deposits("a"));
    await finalize(anvil);
    await (await open()).read([]);
    const final = (await latest()) - 2;
    await appendFile(checkpointFile, '{"block":99');
    await contract.deposit(...deposits("b"));
    await finalize(anvil);
    const asked = proxy.ranges().length;
    expect((await (await open()).read([])).nextIndex).toBe(2);
    expect(proxy.ranges()[asked]?.[0]).toBe(final + 1);
    expect(logged).toHaveLength(1);
    expect((await readFile(checkpointFile, "utf8")).split("\n")).toHaveLength(6);
  });

  it.each<{id: string; change: (text: string) => string}>([
    {id: "another contract's", change: (text) => text.replace(/0x[0-9a-f]{40}/, `0x${"12".repeat(20)}`)},
    {id: "another network's", change: (text) => text.replace("mainnet", "gnosis")},
    {id: "of another version", change: (text) => text.replace('"version":2', '"version":1')},
    {id: "another file", change: () => "hello\n"},
    {id: "torn in the middle", change: (text) => `${text.slice(0, -40)}\n${text.split("\n")[1]}\n`},
    {id: "out of order", change: (text) => `${text}${text.split("\n")[1]}\n`},
  ])("is refused where it is $id", async ({change}) => {
    const {contract, open, checkpointFile} = await createStage();
    await contract.deposit(...deposits("a"));
    await finalize(anvil);
    await (await open()).read([]);
    await writeFile(checkpointFile, change(await readFile(checkpointFile, "utf8")));
    await expect(open()).rejects.toMatchObject({code: "REGISTRY_CHECKPOINT_INVALID"});
  });

  it("is of no use on a chain that has other blocks", async () => {
    const {open, checkpointFile} = await createStage();
    await (await open()).read([]);
    const text = await readFile(checkpointFile, "utf8");
    await writeFile(checkpointFile, text.replace(/"hash":"0x[0-9a-f]{64}"/, `"hash":"0x${"55".repeat(32)}"`));
    await finalize(anvil);
    await expect((await open()).read([])).rejects.toMatchObject({code: "EXECUTION_CHAIN_MISMATCH"});
  });

  it("that another process has taken over is not written any more, nor is the chain read past it", async () => {
    const {contract, open, checkpointFile} = await createStage();
    const [first] = [await open(), await open()];
    await contract.deposit(...deposits("a"));
    await finalize(anvil);
    await expect(first.read([])).rejects.toMatchObject({code: "TAKEN_OVER"});
    expect((await readFile(checkpointFile, "utf8")).split("\n")).toHaveLength(2);
  });
});

it("is of no use on hoodi, nor on another chain", async () => {
  const {open} = await createStage();
  await expect(open({network: networks.hoodi})).rejects.toMatchObject({code: "CONFIG_INVALID"});
  await expect(open({network: networks.gnosis})).rejects.toMatchObject({code: "EXECUTION_CHAIN_MISMATCH"});
});
