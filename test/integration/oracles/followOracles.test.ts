import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it, onTestFinished} from "vitest";
import {networks} from "../../../src/consensus/networks.js";
import {generatePrivateKey, publicKeyOf} from "../../../src/ecies/keys.js";
import {type FollowOptions, followOracles} from "../../../src/oracles/followOracles.js";
import {type OracleSet, toOracleSet} from "../../../src/oracles/oracleSet.js";
import {toHex} from "../../../src/runtime/hex.js";
import {type Anvil, finalize, startAnvil} from "../../support/anvil.js";
import {deployKeeper} from "../../support/keeperContract.js";
import {rangeOf, startRpcProxy} from "../../support/rpcProxy.js";
import {temporaryFolder} from "../../support/servers.js";
import {answers, startTestIpfs} from "../../unit/support/ipfsGateway.js";
import {aLogger} from "../../unit/support/logger.js";

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
    ...{exit_signature_recover_threshold: threshold, validators_approval_batch_limit: 10},
  });

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
      ...{endpoints: proxy.url, keeper: keeper.address, network: networks.hoodi, checkpointFile, logger},
      gateways: [new URL("http://127.0.0.1:2"), new URL(ipfs.url)],
      ...{refreshMs: 20, startWithinMs: 5000, gatewayTimeoutMs: 500, node: {timeoutMs: 5000}},
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

  it("does not take what is not final yet", async () => {
    const {follow, announce, ipfs, keeper, proxy} = await createStage();
    const [first, second] = [aConfig(), aConfig()];
    await announce(first.text);
    const oracles = await follow();
    await keeper.announce(await ipfs.add(second.text), {final: false});
    await proxy.answered("eth_getBlockByNumber", 3);
    expect(oracles.current().configHash).toBe(first.set.configHash);
    await finalize(anvil);
    await expect.poll(() => oracles.current().configHash).toBe(second.set.configHash);
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
    const [good, next] = [aConfig(), aConfig()];
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
    proxy.answerWith(() => undefined);
    ipfs.answerWith(undefined);
    for (const oracles of all) await expect.poll(() => oracles.current().configHash).toBe(next.set.configHash);
  });

  it("goes on after a restart from the block that it read last", async () => {
    const {follow, announce, proxy} = await createStage();
    const good = aConfig();
    await announce(good.text);
    await (await follow()).stop();
    const read = Math.max(...proxy.ranges().map(([, to]) => to));
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
    await expect.poll(() => logged.filter(({msg}) => msg === "oracles config taken from the chain")).toHaveLength(2);
    expect(oracles.current().configHash).toBe(set.configHash);
  });
});
