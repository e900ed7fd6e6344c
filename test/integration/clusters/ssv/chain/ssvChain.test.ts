import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it, onTestFinished} from "vitest";
import type {ClusterDefinition} from "../../../../../src/clusters/cluster.js";
import type {DefinitionSource} from "../../../../../src/clusters/live/definitionSource.js";
import {type FollowOptions, followSsv} from "../../../../../src/clusters/ssv/chain/followSsv.js";
import {openSsvChain} from "../../../../../src/clusters/ssv/chain/openSsvChain.js";
import {networks} from "../../../../../src/consensus/networks.js";
import {toHex} from "../../../../../src/runtime/hex.js";
import {type Anvil, finalize, startAnvil} from "../../../../../src/sandbox/chain/anvil.js";
import {type RpcProxy, rangeOf, rpcError, rpcResult, startRpcProxy} from "../../../../support/chain/rpcProxy.js";
import {
  anOwner,
  aRegistration,
  dealSsv,
  deploySsvContract,
  operators,
  type SsvValidator,
} from "../../../../support/chain/ssvContract.js";
import {aLogger} from "../../../../support/logger.js";
import {temporaryFolder} from "../../../../support/servers.js";

let anvil: Anvil;
beforeAll(async () => {
  anvil = await startAnvil({chainId: networks.hoodi.chainId});
});
afterAll(() => anvil.stop());

const others = [1, 2, 3, 4];

/** A contract of the test's own on the shared chain, and what follows it through a proxy. */
async function createStage() {
  const [contract, proxy, folder] = await Promise.all([deploySsvContract(anvil), startRpcProxy(anvil.url), temporaryFolder()]);
  const checkpointFile = join(folder, "checkpoint.json");
  const {logger, logged} = aLogger();
  const follow = (options: Partial<FollowOptions> = {}) => {
    const chain = followSsv({
      endpoints: proxy.url,
      contract: contract.address,
      checkpointFile,
      network: networks.hoodi,
      logger,
      pollMs: 20,
      ...options,
    });
    onTestFinished(chain.stop);
    return chain;
  };
  return {contract, proxy, follow, logged, checkpointFile};
}

const keysOf = ({validators}: ClusterDefinition): string[] => [...validators.keys()];
const keys = (registrations: readonly SsvValidator[]): string[] => registrations.map(({publicKey}) => publicKey);

/** The next definition that it tells of, from now on. */
const next = (source: DefinitionSource): Promise<ClusterDefinition> => new Promise((resolve) => source.onChange(resolve));

/** When a poll that began from now on is over: the one after it has been answered. */
const untilPolled = (proxy: RpcProxy): Promise<void> => proxy.answered("eth_getBlockByNumber", 3);

describe("a cluster of SSV operators", () => {
  it("has the validators that were registered with them, and no others", async () => {
    const {contract, follow} = await createStage();
    const [owner, other] = [anOwner(), anOwner()];
    const key = dealSsv();
    const own = [
      aRegistration({owner, nonce: 0, key}),
      aRegistration({owner: other, nonce: 0}),
      aRegistration({owner, nonce: 2}),
    ];
    const foreign = aRegistration({owner, nonce: 1, operatorIds: others});
    for (const one of [own[0], foreign, own[1], own[2]]) await contract.add(one as SsvValidator);
    await finalize(anvil);
    const definition = (await follow().follow({ssvOperatorIds: [1042, 900, 123, 5]})).current();
    expect(definition).toMatchObject({type: "SSV", network: "hoodi", threshold: 3});
    expect(keysOf(definition)).toEqual(keys(own));
    const validator = definition.validators.get((own[0] as SsvValidator).publicKey);
    const shares = [...(validator?.publicKeyShares ?? [])].map(([id, share]) => [id, toHex(share.toBytes())]);
    expect(shares).toEqual([...key.publicKeyShares].map(([id, share]) => [id, toHex(share.toBytes())]));
    const encrypted = Buffer.concat([...(validator?.encryptedKeyShares?.values() ?? [])]);
    expect(toHex(encrypted)).toBe(toHex((own[0] as SsvValidator).sharesData.subarray(96 + 4 * 48)));
  });

  it("has several of one block in their order, whatever that of the answer, and one of 13 operators", async () => {
    const {contract, follow, proxy} = await createStage();
    proxy.answerWith(async ({method}, forward) => {
      if (method !== "eth_getLogs") return undefined;
      const {result} = (await forward()) as {result: unknown[]};
      return {body: rpcResult(result.reverse())};
    });
    const thirteen = Array.from({length: 13}, (_, position) => 3 + 7 * position);
    const owner = anOwner();
    const own = [0, 1, 2].map((nonce) => aRegistration({owner, nonce, operatorIds: thirteen, threshold: 9}));
    await contract.addInOneBlock(own);
    await finalize(anvil);
    const definition = (await follow().follow({ssvOperatorIds: thirteen})).current();
    expect(definition.threshold).toBe(9);
    expect(keysOf(definition)).toEqual(keys(own));
  });

  const key = dealSsv();
  it.each<{id: string; code: string; forge: (owner: string) => SsvValidator}>([
    {
      id: "with a nonce that comes later",
      code: "OWNER_SIGNATURE_INVALID",
      forge: (owner) => aRegistration({owner, nonce: 1, key}),
    },
    {
      id: "signed for another owner",
      code: "OWNER_SIGNATURE_INVALID",
      forge: (owner) => ({...aRegistration({owner: anOwner(), nonce: 0, key}), owner}),
    },
    {
      id: "of a key that did not sign",
      code: "OWNER_SIGNATURE_INVALID",
      forge: (owner) => ({...aRegistration({owner, nonce: 0}), publicKey: aRegistration({owner, nonce: 0, key}).publicKey}),
    },
    {id: "cut short", code: "KEYSHARES_INVALID", forge: (owner) => cut(aRegistration({owner, nonce: 0, key}))},
    {
      id: "without shares",
      code: "KEYSHARES_INVALID",
      forge: (owner) => ({...aRegistration({owner, nonce: 0, key}), sharesData: new Uint8Array()}),
    },
    {
      id: "of what is no key",
      code: "KEYSHARES_INVALID",
      forge: (owner) => ({...aRegistration({owner, nonce: 0, key}), publicKey: `0x${"11".repeat(48)}`}),
    },
    {
      id: "of a key of 3 bytes",
      code: "KEYSHARES_INVALID",
      forge: (owner) => ({...aRegistration({owner, nonce: 0, key}), publicKey: "0x112233"}),
    },
    {
      id: "with shares at another threshold",
      code: "CLUSTER_SHARES_INCONSISTENT",
      forge: (owner) => aRegistration({owner, nonce: 0, key: dealSsv(operators, 2)}),
    },
    {
      id: "with the shares of another key",
      code: "CLUSTER_SHARES_INCONSISTENT",
      forge: (owner) => swap(aRegistration({owner, nonce: 0, key}), aRegistration({owner, nonce: 0})),
    },
  ])("lacks a validator that was registered $id, which counts for the nonce all the same", async ({code, forge}) => {
    const {contract, follow, logged} = await createStage();
    const owner = anOwner();
    await contract.add(forge(owner));
    const second = aRegistration({owner, nonce: 1});
    await contract.add(second);
    await finalize(anvil);
    expect(keysOf((await follow().follow({ssvOperatorIds: operators})).current())).toEqual([second.publicKey]);
    expect(logged).toEqual([expect.objectContaining({msg: "SSV registration refused", owner, code})]);
  });

  it("has those of the owners that are named, and warns of several where none is", async () => {
    const {contract, follow, logged} = await createStage();
    const owners = [anOwner(), anOwner(), anOwner()] as const;
    const own = owners.map((owner) => aRegistration({owner, nonce: 0}));
    for (const one of own) await contract.add(one);
    await finalize(anvil);
    const chain = follow();
    const source = await chain.follow({ssvOperatorIds: operators, ssvOwners: [owners[2], owners[0]]});
    expect(keysOf(source.current())).toEqual(keys([own[0], own[2]] as SsvValidator[]));
    expect(logged).toEqual([]);
    expect(keysOf((await chain.follow({ssvOperatorIds: operators})).current())).toEqual(keys(own));
    expect(logged).toEqual([expect.objectContaining({operators: "5,123,900,1042", owners})]);
  });

  it("counts an owner's nonce over all operators, also where these are no cluster", async () => {
    const {contract, follow} = await createStage();
    const owner = anOwner();
    for (const operatorIds of [others, [7], [2 ** 40, 2 ** 41, 2 ** 42, 2 ** 43]]) {
      await contract.add({owner, operatorIds, publicKey: "0x", sharesData: new Uint8Array()});
    }
    const fourth = aRegistration({owner, nonce: 3});
    await contract.add(fourth);
    await finalize(anvil);
    expect(keysOf((await follow().follow({ssvOperatorIds: operators})).current())).toEqual([fourth.publicKey]);
  });

  it("loses a validator that its owner removed, and gets it back with a new signature only", async () => {
    const {contract, follow} = await createStage();
    const owner = anOwner();
    const first = aRegistration({owner, nonce: 0, key});
    await contract.add(first);
    await contract.remove({...first, owner: anOwner()});
    await finalize(anvil);
    const source = await follow().follow({ssvOperatorIds: operators});
    expect(keysOf(source.current())).toEqual([first.publicKey]);

    const removed = next(source);
    await contract.remove(first);
    await finalize(anvil);
    expect(keysOf(await removed)).toEqual([]);

    await contract.add(first);
    const again = aRegistration({owner, nonce: 2, key});
    const added = next(source);
    await contract.add(again);
    await finalize(anvil);
    const definition = await added;
    expect(keysOf(definition)).toEqual([again.publicKey]);
    const encrypted = definition.validators.get(again.publicKey)?.encryptedKeyShares?.get(5) ?? new Uint8Array();
    expect(toHex(encrypted)).toBe(toHex(again.sharesData.slice(96 + 4 * 48, 96 + 4 * 48 + 256)));
  });

  it("keeps a validator with who has it, also when its key signs for another owner", async () => {
    const {contract, follow} = await createStage();
    const [owner, other] = [anOwner(), anOwner()];
    const first = aRegistration({owner, nonce: 0, key});
    await contract.add(first);
    await contract.add(aRegistration({owner: other, nonce: 0, key}));
    await finalize(anvil);
    const source = await follow().follow({ssvOperatorIds: operators});
    const gone = next(source);
    await contract.remove(first);
    await finalize(anvil);
    expect(keysOf(await gone)).toEqual([]);
  });

  it("has nothing that is not final yet, and nothing that a reorganisation takes back", async () => {
    const {contract, follow, proxy} = await createStage();
    const [lost, kept] = [aRegistration({owner: anOwner(), nonce: 0}), aRegistration({owner: anOwner(), nonce: 0})];
    const source = await follow().follow({ssvOperatorIds: operators});
    const snapshot = await anvil.rpc("evm_snapshot");
    await contract.add(lost);
    await untilPolled(proxy);
    expect(keysOf(source.current())).toEqual([]);
    await anvil.rpc("evm_revert", snapshot);
    const changed = next(source);
    await contract.add(kept);
    await finalize(anvil);
    expect(keysOf(await changed)).toEqual([kept.publicKey]);
  });

  it.each([
    {id: "of 5 operators", operatorIds: [1, 2, 3, 4, 5]},
    {id: "with an operator twice", operatorIds: [1, 2, 3, 3]},
  ])("is refused $id", async ({operatorIds}) => {
    const {follow} = await createStage();
    await expect(follow().follow({ssvOperatorIds: operatorIds})).rejects.toMatchObject({code: "KEYSHARES_INVALID"});
  });

  it("is EXECUTION_UNAVAILABLE while nobody answers, and there when somebody does", async () => {
    const {proxy, checkpointFile, contract} = await createStage();
    proxy.answerWith(() => ({status: 503, body: "starting"}));
    const config = {EXECUTION_ENDPOINT: proxy.url, SSV_CHECKPOINT_FILE: checkpointFile, SSV_CONTRACT: contract.address};
    const chain = openSsvChain({config, env: {}, network: networks.hoodi, logger: aLogger().logger});
    onTestFinished(chain.stop);
    await expect(chain.follow({ssvOperatorIds: operators})).rejects.toMatchObject({code: "EXECUTION_UNAVAILABLE"});
    proxy.answerWith(() => undefined);
    expect(keysOf((await chain.follow({ssvOperatorIds: operators})).current())).toEqual([]);
  });

  it("is CONFIG_INVALID where the network has no contract", async () => {
    const {follow} = await createStage();
    expect(() => follow({network: networks.gnosis, contract: undefined})).toThrow(
      expect.objectContaining({code: "CONFIG_INVALID"}),
    );
  });
});

describe("following", () => {
  it("tells who follows a cluster, of that cluster alone, until they stop", async () => {
    const {contract, follow} = await createStage();
    const chain = follow();
    const [source, unconcerned, stopped] = await Promise.all(
      [operators, others, operators].map((ids) => chain.follow({ssvOperatorIds: ids})),
    );
    const told: string[][] = [];
    (unconcerned as DefinitionSource).onChange(() => told.push(["unconcerned"]));
    (stopped as DefinitionSource).onChange(() => told.push(["stopped"]));
    await (stopped as DefinitionSource).stop();
    const own = aRegistration({owner: anOwner(), nonce: 0});
    const changed = next(source as DefinitionSource);
    await contract.add(own);
    await finalize(anvil);
    expect(keysOf(await changed)).toEqual([own.publicKey]);
    expect(keysOf((source as DefinitionSource).current())).toEqual([own.publicKey]);
    expect(told).toEqual([]);
  });

  it("reads the chain once for all clusters, and shows how far it is", async () => {
    const {contract, follow, proxy} = await createStage();
    await contract.add(aRegistration({owner: anOwner(), nonce: 0}));
    await finalize(anvil);
    const shown: [number, number][] = [];
    const chain = follow({onProgress: (done, total) => shown.push([done, total])});
    await Promise.all([operators, others].map((ids) => chain.follow({ssvOperatorIds: ids})));
    expect(proxy.ranges()).toHaveLength(1);
    const blocks = (proxy.ranges()[0]?.[1] ?? 0) + 1;
    expect(shown).toEqual([[blocks, blocks]]);
  });

  it("reads it again from the first block when other operators come, and goes on with both", async () => {
    const {contract, follow, proxy} = await createStage();
    const owner = anOwner();
    const [own, other] = [aRegistration({owner, nonce: 0}), aRegistration({owner, nonce: 1, operatorIds: others})];
    await contract.add(own);
    await contract.add(other);
    await finalize(anvil);
    const chain = follow();
    const source = await chain.follow({ssvOperatorIds: operators});
    const definition = source.current();
    const added = await chain.follow({ssvOperatorIds: others});
    expect(proxy.ranges().map(([from]) => from)).toEqual([0, 0]);
    expect(keysOf(added.current())).toEqual([other.publicKey]);
    expect(source.current()).toBe(definition);
  });

  it("goes on after the endpoint was away", async () => {
    const {contract, follow, proxy} = await createStage();
    const source = await follow().follow({ssvOperatorIds: operators});
    proxy.answerWith(() => ({status: 503, body: "restarting"}));
    const own = aRegistration({owner: anOwner(), nonce: 0});
    await contract.add(own);
    await finalize(anvil);
    await untilPolled(proxy);
    const changed = next(source);
    proxy.answerWith(() => undefined);
    expect(keysOf(await changed)).toEqual([own.publicKey]);
  });

  it("warns once when the finalized block is old", async () => {
    const {follow, proxy, logged} = await createStage();
    proxy.answerWith(twoHoursAgo("finalized"));
    await follow().follow({ssvOperatorIds: operators});
    await untilPolled(proxy);
    expect(logged).toEqual([expect.objectContaining({minutes: 120})]);
  });

  it("takes nothing of a node that is behind", async () => {
    const {follow, proxy} = await createStage();
    proxy.answerWith(twoHoursAgo("latest"));
    await expect(follow().follow({ssvOperatorIds: operators})).rejects.toMatchObject({
      code: "EXECUTION_UNAVAILABLE",
      message: expect.stringContaining("behind"),
    });
    expect(proxy.ranges()).toEqual([]);
  });
});

const twoHoursAgo =
  (tag: string): Parameters<RpcProxy["answerWith"]>[0] =>
  async ({method, params}, forward) => {
    if (method !== "eth_getBlockByNumber" || params[0] !== tag) return undefined;
    const {result} = (await forward()) as {result: object};
    return {body: rpcResult({...result, timestamp: `0x${(Math.floor(Date.now() / 1000) - 7200).toString(16)}`})};
  };

describe("the checkpoint", () => {
  it("lets a restart read only what is new", async () => {
    const {contract, follow, proxy} = await createStage();
    const owner = anOwner();
    const [first, second] = [aRegistration({owner, nonce: 0}), aRegistration({owner, nonce: 1})];
    await contract.add(first);
    await finalize(anvil);
    const before = follow();
    const definition = (await before.follow({ssvOperatorIds: operators})).current();
    await before.stop();
    await contract.add(second);
    await finalize(anvil);

    const asked = proxy.ranges();
    const source = await follow().follow({ssvOperatorIds: operators});
    const [, end = 0] = asked.at(-1) ?? [];
    expect(proxy.ranges().slice(asked.length)).toEqual([[end + 1, expect.any(Number)]]);
    expect(keysOf(source.current())).toEqual([first.publicKey, second.publicKey]);
    const [one, same] = [definition, source.current()].map((it) => it.validators.get(first.publicKey)?.encryptedKeyShares);
    expect(same).toEqual(one);
  });

  it("keeps what was read until an endpoint failed", async () => {
    const {contract, follow, proxy} = await createStage();
    const owner = anOwner();
    const [first, second] = [aRegistration({owner, nonce: 0}), aRegistration({owner, nonce: 1})];
    await contract.add(first);
    await anvil.rpc("anvil_mine", "0x64");
    await contract.add(second);
    await finalize(anvil);
    const half = Number(await anvil.rpc("eth_blockNumber")) - 50;
    proxy.answerWith((call) => {
      if (call.method !== "eth_getLogs") return undefined;
      return rangeOf(call)[1] > half ? {body: rpcError(-32000)} : undefined;
    });
    const before = follow();
    await expect(before.follow({ssvOperatorIds: operators})).rejects.toMatchObject({code: "EXECUTION_UNAVAILABLE"});
    await before.stop();

    proxy.answerWith(() => undefined);
    const asked = proxy.ranges().length;
    const source = await follow().follow({ssvOperatorIds: operators});
    expect(
      proxy
        .ranges()
        .slice(asked)
        .map(([from]) => from),
    ).toEqual([half + 1]);
    expect(keysOf(source.current())).toEqual([first.publicKey, second.publicKey]);
  });

  it("is of no use to another contract", async () => {
    const {follow} = await createStage();
    const before = follow();
    await before.follow({ssvOperatorIds: operators});
    await before.stop();
    const {address} = await deploySsvContract(anvil);
    await expect(follow({contract: address}).follow({ssvOperatorIds: operators})).rejects.toMatchObject({
      code: "SSV_CHECKPOINT_INVALID",
    });
  });

  it("is of no use on a chain that has other blocks", async () => {
    const {follow, checkpointFile} = await createStage();
    const before = follow();
    await before.follow({ssvOperatorIds: operators});
    await before.stop();
    const file = JSON.parse(await readFile(checkpointFile, "utf8"));
    file.final_block.hash = `0x${"55".repeat(32)}`;
    await writeFile(checkpointFile, JSON.stringify(file));
    await finalize(anvil);
    await expect(follow().follow({ssvOperatorIds: operators})).rejects.toMatchObject({code: "EXECUTION_CHAIN_MISMATCH"});
  });
});

const cut = (one: SsvValidator): SsvValidator => ({...one, sharesData: one.sharesData.slice(0, -1)});
/** The signature of the one, the shares of the other. */
const swap = (one: SsvValidator, {sharesData}: SsvValidator): SsvValidator => ({
  ...one,
  sharesData: new Uint8Array([...one.sharesData.slice(0, 96), ...sharesData.slice(96)]),
});
