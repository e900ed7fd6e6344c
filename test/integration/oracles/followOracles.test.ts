import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it, onTestFinished} from "vitest";
import {networks} from "../../../src/consensus/networks.js";
import {generatePrivateKey, publicKeyOf} from "../../../src/ecies/keys.js";
import {type FollowedOracles, type FollowOptions, followOracles} from "../../../src/oracles/followOracles.js";
import {type OracleSet, toOracleSet} from "../../../src/oracles/oracleSet.js";
import {toHex} from "../../../src/runtime/hex.js";
import {type Anvil, finalize, startAnvil} from "../../../src/sandbox/chain/anvil.js";
import {deployKeeper} from "../../support/chain/keeperContract.js";
import {rangeOf, rpcError, rpcResult, startRpcProxy} from "../../support/chain/rpcProxy.js";
import {answers, startTestIpfs} from "../../support/ipfsGateway.js";
import {aLogger} from "../../support/logger.js";
import {temporaryFolder} from "../../support/servers.js";

let anvil: Anvil;
beforeAll(async () => {
  anvil = await startAnvil({chainId: networks.hoodi.chainId});
});
afterAll(() => anvil.stop());

/** A set as StakeWise announces it, with fields that are none of ours. */
const aConfig = (threshold = 2, endpoint = "https://oracle.example"): {set: OracleSet; text: string} => {
  const keys = [1, 2, 3].map(() => publicKeyOf(generatePrivateKey()));
  return {set: toOracleSet(keys, threshold), text: textOf(keys, threshold, endpoint)};
};
const textOf = (keys: readonly Uint8Array[], threshold: number, endpoint = "https://oracle.example"): string =>
  JSON.stringify({
    oracles: keys.map((key) => ({public_key: toHex(key), endpoints: [endpoint]})),
    exit_signature_recover_threshold: threshold,
    validators_approval_batch_limit: 10,
    validators_exit_rotation_batch_limit: 100,
    signature_validity_period: 1800,
  });
const endpointOf = (oracles: FollowedOracles) => oracles.protocolConfig().oracles[0]?.endpoints[0]?.host;

async function createStage() {
  const [keeper, proxy, ipfs, folder] = await Promise.all([
    deployKeeper(anvil),
    startRpcProxy(anvil.url),
    startTestIpfs(),
    temporaryFolder(),
  ]);
  const checkpointFile = join(folder, "oracles.json");
  const {logger, logged} = aLogger();
  const follow = async (options: Partial<FollowOptions> = {}) => {
    const oracles = await followOracles({
      endpoints: proxy.url,
      keeper: keeper.address,
      network: networks.hoodi,
      checkpointFile,
      logger,
      gateways: [new URL("http://127.0.0.1:2"), new URL(ipfs.url)],
      refreshMs: 20,
      signal: new AbortController().signal,
      startWithinMs: 5000,
      gatewayTimeoutMs: 500,
      node: {timeoutMs: 5000},
      ...options,
    });
    onTestFinished(oracles.stop);
    return oracles;
  };
  const announce = async (text: string, as?: "v0" | "v1" | "raw"): Promise<string> => {
    const cid = await ipfs.add(text, as);
    await keeper.announce(cid);
    return cid;
  };
  const levels = () => logged.map(({level}) => level);
  return {keeper, proxy, ipfs, follow, announce, logged, levels, checkpointFile};
}

const error = 50;

describe("followOracles", () => {
  it.each(["v0", "v1", "raw"] as const)(
    "has the set that was announced last, with a CID %s, and then the next one",
    async (as) => {
      const {follow, announce} = await createStage();
      const [first, second, third] = [aConfig(), aConfig(), aConfig(3)];
      await announce(first.text, as);
      await announce(second.text, as);
      const oracles = await follow();
      expect(oracles.current().configHash).toBe(second.set.configHash);
      await announce(third.text, as);
      await expect.poll(() => oracles.current().configHash).toBe(third.set.configHash);
    },
  );

  it("takes what is not final yet, keeps what is, and survives a reorg", async () => {
    const {follow, announce, ipfs, keeper, logged, checkpointFile} = await createStage();
    const [first, second] = [aConfig(), aConfig()];
    const cid = await announce(first.text);
    const oracles = await follow();
    const kept = async (): Promise<string> => JSON.parse(await readFile(checkpointFile, "utf8")).ipfs_hash;
    const before = await anvil.rpc("evm_snapshot");
    await keeper.announce(await ipfs.add(second.text), {final: false});
    await expect.poll(() => oracles.current().configHash).toBe(second.set.configHash);
    expect(await kept()).toBe(cid);
    expect((await follow()).current().configHash).toBe(second.set.configHash);

    await anvil.rpc("evm_revert", before);
    await anvil.rpc("anvil_mine", "0x1");
    ipfs.answerWith(answers.send("away", 503));
    await expect.poll(() => oracles.current().configHash).toBe(first.set.configHash);
    ipfs.answerWith(undefined);
    expect(await kept()).toBe(cid);

    const next = await announce(second.text);
    await expect.poll(kept).toBe(next);
    await expect.poll(() => oracles.current().configHash).toBe(second.set.configHash);
    expect(logged.filter(({level}) => level === error)).toEqual([]);
  });

  it("does not go back to the set before where a node is behind", async () => {
    const {follow, announce, proxy, logged} = await createStage();
    const [first, second] = [aConfig(), aConfig()];
    await announce(first.text);
    const old = Number(await anvil.rpc("eth_blockNumber"));
    await announce(second.text);
    const oracles = await follow();
    expect(oracles.current().configHash).toBe(second.set.configHash);
    proxy.answerWith(async ({method, params}, forward) => {
      if (method !== "eth_getBlockByNumber" || params[0] !== "latest") return undefined;
      const {result} = (await forward()) as {result: object};
      return {body: rpcResult({...result, number: `0x${old.toString(16)}`})};
    });
    await expect.poll(() => logged.some(({error}) => String(error).includes("behind"))).toBe(true);
    expect(oracles.current().configHash).toBe(second.set.configHash);
  });

  it("reads from the end, tells how far it has come, and goes on where it was", async () => {
    const {follow, announce, proxy} = await createStage();
    const {set, text} = aConfig();
    await announce(text);
    await anvil.rpc("anvil_mine", "0x200");
    const told: [number, number][] = [];
    const onProgress = (done: number, total: number): void => void told.push([done, total]);
    let refused = 0;
    proxy.answerWith((call) => {
      if (call.method !== "eth_getLogs") return undefined;
      const [from, to] = rangeOf(call);
      if (to - from >= 10) return {status: 400, body: rpcError(-32600)};
      return told.length === 2 && refused++ < 1 ? {status: 502, body: "gone"} : undefined;
    });
    const endpoints = `${proxy.url},${proxy.url}`;
    const oracles = await follow({endpoints, onProgress});
    expect(oracles.current().configHash).toBe(set.configHash);
    expect(refused).toBeGreaterThan(0);
    const done = told.map(([blocks]) => blocks);
    expect(done).toEqual([...new Set(done)].sort((a, b) => a - b));
    expect(done.every((blocks, position) => blocks <= (told[position]?.[1] ?? 0))).toBe(true);
    const answered = proxy.ranges().filter(([from, to]) => to - from < 10);
    expect(Math.min(...answered.map(([from]) => from))).toBeGreaterThan(0);
  });

  it("ends at once when it is told to, also in its first reading", async () => {
    const {follow, announce, proxy} = await createStage();
    await announce(aConfig().text);
    await anvil.rpc("anvil_mine", "0x64");
    const stop = new AbortController();
    proxy.answerWith((call) => {
      if (call.method !== "eth_getLogs") return undefined;
      if (proxy.ranges().length === 20) stop.abort();
      const [from, to] = rangeOf(call);
      return to > from ? {status: 400, body: rpcError(-32600)} : undefined;
    });
    await expect(follow({signal: stop.signal})).rejects.toThrow();
    const asked = proxy.calls.length;
    expect(asked).toBeLessThan(40);
    await anvil.rpc("eth_chainId");
    expect(proxy.calls.length).toBe(asked);
  });

  it("does not believe a node that has dropped its logs", async () => {
    const {follow, announce, proxy} = await createStage();
    await announce(aConfig().text);
    proxy.answerWith(({method}) => (method === "eth_getLogs" ? {body: rpcResult([])} : undefined));
    await expect(follow()).rejects.toMatchObject({code: "EXECUTION_UNAVAILABLE"});
    const oracles = await follow({endpoints: `${proxy.url},${anvil.url}`});
    expect(oracles.current().publicKeys).toHaveLength(3);
  });

  it.each([
    {id: "is no config", text: "{}"},
    {id: "is no JSON", text: "<html>"},
    {id: "asks for more shards than there are oracles", text: aConfig(4).text},
  ])("keeps the last good one where the next $id, says so once, and over a restart", async ({text}) => {
    const {follow, announce, logged, levels} = await createStage();
    const [good, later] = [aConfig(), aConfig()];
    await announce(good.text);
    const oracles = await follow();
    await announce(text);
    await expect.poll(levels).toContain(error);
    expect(oracles.current().configHash).toBe(good.set.configHash);
    expect((await follow()).current().configHash).toBe(good.set.configHash);
    await announce(later.text);
    await expect.poll(() => oracles.current().configHash).toBe(later.set.configHash);
    expect(logged.filter(({level}) => level === error)).toHaveLength(2);
  });

  it("keeps the last good one where the next is no CID", async () => {
    const {follow, announce, keeper, levels} = await createStage();
    const good = aConfig();
    await announce(good.text);
    const oracles = await follow();
    await keeper.announce("https://evil.example/oracles.json");
    await expect.poll(levels).toContain(error);
    expect(oracles.current().configHash).toBe(good.set.configHash);
  });

  it.each([
    {id: "other content", answer: answers.send(aConfig().text)},
    {id: "a page of HTML", answer: answers.send("<html>please wait</html>")},
    {id: "no answer", answer: answers.hang},
    {id: "more than a block", answer: answers.endless},
  ])("keeps the last good one while IPFS gives $id, and takes the next when it comes back", async ({answer}) => {
    const {follow, announce, ipfs, logged} = await createStage();
    const [good, next] = [aConfig(), aConfig()];
    await announce(good.text);
    const oracles = await follow();
    ipfs.answerWith(answer);
    await announce(next.text);
    await expect.poll(() => logged.some(({error}) => String(error).includes("from IPFS"))).toBe(true);
    expect(oracles.current().configHash).toBe(good.set.configHash);
    ipfs.answerWith(undefined);
    await expect.poll(() => oracles.current().configHash).toBe(next.set.configHash);
  });

  it("does not begin without any", async () => {
    const {follow, announce, ipfs, proxy} = await createStage();
    await expect(follow()).rejects.toMatchObject({code: "EXECUTION_UNAVAILABLE"});
    await announce("{}");
    await expect(follow()).rejects.toMatchObject({code: "ORACLES_CONFIG_INVALID"});
    ipfs.answerWith(answers.send("bad gateway", 502));
    await expect(follow()).rejects.toMatchObject({code: "IPFS_UNAVAILABLE"});
    proxy.answerWith(() => ({status: 503, body: "away"}));
    await expect(follow()).rejects.toMatchObject({code: "EXECUTION_UNAVAILABLE"});
  });

  it("begins with the last good one while the chain is away, hangs, or IPFS is away, and catches up", async () => {
    const {follow, announce, ipfs, proxy} = await createStage();
    const [good, next] = [aConfig(2, "https://good.example"), aConfig()];
    await announce(good.text);
    await (await follow()).stop();
    ipfs.answerWith(answers.send("away", 503));
    await announce(next.text);
    const soon = {startWithinMs: 200, node: {timeoutMs: 500}};
    const withoutIpfs = await follow(soon);
    proxy.answerWith(() => ({status: 503, body: "away"}));
    const withoutChain = await follow(soon);
    proxy.answerWith(() => "hang");
    const withHanging = await follow(soon);
    const all = [withoutIpfs, withoutChain, withHanging];
    expect(all.map((oracles) => oracles.current().configHash)).toEqual(all.map(() => good.set.configHash));
    expect(all.map(endpointOf)).toEqual(all.map(() => "good.example"));
    proxy.answerWith(() => undefined);
    ipfs.answerWith(undefined);
    for (const oracles of all) await expect.poll(() => oracles.current().configHash).toBe(next.set.configHash);
  });

  it("goes on after a restart from the block that it read last", async () => {
    const {follow, announce, proxy} = await createStage();
    const good = aConfig();
    await announce(good.text);
    await (await follow()).stop();
    // Two blocks before the latest.
    const read = Math.max(...proxy.ranges().map(([, to]) => to)) - 2;
    const before = proxy.calls.length;
    await finalize(anvil);
    const oracles = await follow();
    const ranges = proxy.calls.slice(before).filter(({method}) => method === "eth_getLogs");
    expect(rangeOf(ranges[0] as (typeof ranges)[number])[0]).toBe(read + 1);
    expect(oracles.current().configHash).toBe(good.set.configHash);
  });

  it.each([
    {id: "another block", change: {ipfs_block: Buffer.from("{}").toString("base64")}},
    {id: "another contract's", change: {keeper: `0x${"11".repeat(20)}`}},
    {id: "another network's", change: {network: "mainnet"}},
    {id: "nothing of ours", change: {version: 2}},
  ])("refuses a checkpoint with $id", async ({change}) => {
    const {follow, announce, checkpointFile} = await createStage();
    await announce(aConfig().text);
    await (await follow()).stop();
    const written = JSON.parse(await readFile(checkpointFile, "utf8"));
    await writeFile(checkpointFile, JSON.stringify({...written, ...change}));
    await expect(follow()).rejects.toMatchObject({code: "ORACLES_CHECKPOINT_INVALID"});
  });

  it("refuses an endpoint of another chain, also where it has a last good one", async () => {
    const {follow, announce, proxy} = await createStage();
    await announce(aConfig().text);
    await (await follow()).stop();
    proxy.answerWith(({method}) => (method === "eth_chainId" ? {body: {jsonrpc: "2.0", id: 1, result: "0x1"}} : undefined));
    await expect(follow()).rejects.toMatchObject({code: "EXECUTION_CHAIN_MISMATCH"});
  });

  it("is the same set when only an endpoint changes", async () => {
    const {follow, announce, logged} = await createStage();
    const {set, text} = aConfig();
    await announce(text);
    const oracles = await follow();
    await announce(textOf(set.publicKeys, set.threshold, "https://elsewhere.example"));
    await expect.poll(() => logged.filter(({msg}) => msg === "oracles config read from the chain")).toHaveLength(2);
    expect(oracles.current().configHash).toBe(set.configHash);
    expect(endpointOf(oracles)).toBe("elsewhere.example");
  });
});
