import {concat, encodeFunctionData, type Hex} from "viem";
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from "vitest";
import {networks} from "../../../src/consensus/networks.js";
import {publicKeyOf} from "../../../src/ecies/keys.js";
import {createVaultSigner} from "../../../src/execution/vaultSignature.js";
import {readOraclesConfig} from "../../../src/oracles/oracleSet.js";
import {fromHex, toHex} from "../../../src/runtime/hex.js";
import {type Anvil, startAnvil} from "../../../src/sandbox/chain/anvil.js";
import {inOrder} from "../../../src/sandbox/chain/oracleMessages.js";
import type {ApprovalRequest} from "../../../src/sandbox/chain/oracleRules.js";
import {makeOracleKeys, type PlayedOracle} from "../../../src/sandbox/chain/oracles.js";
import {deployStakeWise, type StakeWise} from "../../../src/sandbox/chain/stakeWise.js";
import {encodeConsolidations} from "../../../src/vaults/vaultValidators.js";
import {aDeposit, aTopUp, keyOf} from "../../support/examples/deposits.js";
import {
  aValidator,
  encodedFor,
  type RegistrationOf,
  splitExitOf,
  type TestValidator,
  toApprovalRequest,
} from "../../support/examples/registration.js";
import {startTestOracles} from "../../support/oracles.js";

const network = networks.hoodi;
const threshold = 2;
const oracleKeys = makeOracleKeys(3);
const signer = createVaultSigner(new Uint8Array(32).fill(9), network.chainId);
let anvil: Anvil;
let stakeWise: StakeWise;
let snapshot: string;

beforeAll(async () => {
  anvil = await startAnvil({chainId: network.chainId});
  stakeWise = await deployStakeWise(anvil, {oracleKeys, minOracles: 2, manager: signer.address});
  await stakeWise.fund(10n ** 21n);
});
afterAll(() => anvil.stop());
beforeEach(async () => {
  snapshot = await anvil.rpc("evm_snapshot");
});
afterEach(() => anvil.rpc("evm_revert", snapshot));

const start = (options: {replicas?: number} = {}) =>
  startTestOracles({anvil, stakeWise, network, threshold, keys: oracleKeys, ...options});
const soon = (): number => Math.floor(Date.now() / 1000) + 300;
const kindOf = (change: Partial<RegistrationOf> = {}): RegistrationOf => {
  return {network, vault: stakeWise.vault.address, oracleKeys, threshold, ...change};
};

async function aRequest(validators: readonly TestValidator[], kind = kindOf(), validatorIndex = 0): Promise<ApprovalRequest> {
  const root = await stakeWise.depositContract.read<string>("get_deposit_root");
  const message = {vault: kind.vault, validatorsRegistryRoot: root, validators: fromHex(encodedFor(validators, kind))};
  return toApprovalRequest(validators, kind, {
    validatorIndex,
    root,
    deadline: soon(),
    managerSignature: await signer.sign(message),
  });
}

async function ask(url: string, body?: unknown): Promise<{status: number; said: Record<string, unknown>}> {
  const response = await fetch(url, body === undefined ? {} : {method: "POST", body: JSON.stringify(body)});
  return {status: response.status, said: (await response.json()) as Record<string, unknown>};
}
const urlOf = ({replicas: [first]}: PlayedOracle): string => first?.url ?? "";
const firstOf = (all: readonly PlayedOracle[]): PlayedOracle => all[0] as PlayedOracle;

/** The signatures of two oracles, ascending by address. */
async function askTwo(all: readonly PlayedOracle[], path: string, body: unknown) {
  const two = inOrder(all.slice(1));
  const answers = await Promise.all(two.map((oracle) => ask(`${urlOf(oracle)}${path}`, body)));
  expect(answers.map(({said, status}) => (status === 200 ? 200 : said))).toEqual([200, 200]);
  const [said] = answers.map((answer) => answer.said);
  return {said, signatures: concat(answers.map((answer) => answer.said["signature"] as Hex))};
}

async function register(all: readonly PlayedOracle[], validators: readonly TestValidator[], kind = kindOf(), index = 0) {
  const request = await aRequest(validators, kind, index);
  const {said, signatures} = await askTwo(all, "/", request);
  const approval = {
    validatorsRegistryRoot: request.validators_root,
    deadline: said?.["deadline"],
    validators: encodedFor(validators, kind),
    signatures,
    exitSignaturesIpfsHash: said?.["ipfs_hash"],
  };
  const {abi} = stakeWise.vault;
  const args = [approval, request.validators_manager_signature];
  const call = encodeFunctionData({abi, functionName: "registerValidators", args});
  return stakeWise.vault.send("multicall", [[call]]);
}

describe("an approval", () => {
  it.each<{id: string; change: Partial<RegistrationOf>}>([
    {id: "0x01", change: {}},
    {id: "0x02", change: {validatorType: "0x02", amount: 100e9}},
  ])("of $id validators registers them, one batch after another", async ({change}) => {
    const {all, rules} = await start();
    const kind = kindOf(change);
    await register(all, [aValidator("a", 0, kind), aValidator("b", 1, kind)], kind);
    await register(all, [aValidator("c", 2, kind)], kind, 2);
    expect(await rules.validators()).toEqual(["a", "b", "c"].map(keyOf));
    expect(all.map((oracle) => oracle.asked().map(({method, path, status}) => [method, path, status]))).toEqual([
      [],
      [
        ["POST", "/", 200],
        ["POST", "/", 200],
      ],
      [
        ["POST", "/", 200],
        ["POST", "/", 200],
      ],
    ]);
  });

  it("is the same of every oracle, and of a second time", async () => {
    const {all} = await start();
    const request = await aRequest([aValidator("a", 0, kindOf())]);
    const hashes = await Promise.all([...all, firstOf(all)].map((oracle) => ask(urlOf(oracle), request)));
    expect(new Set(hashes.map(({said}) => said["ipfs_hash"])).size).toBe(1);
    expect(hashes[0]?.said["ipfs_hash"]).toMatch(/^Qm/);
  });

  const shards = (index: number, seed = "a", change: Partial<RegistrationOf> = {}) => splitExitOf(seed, index, kindOf(change));
  it.each<{id: string; why: RegExp; change: (request: ApprovalRequest) => object | Promise<object>}>([
    {id: "a field too few", why: /fields/, change: () => ({amounts: undefined})},
    {id: "a field too many", why: /fields/, change: () => ({extra: 1})},
    {id: "a deadline that has passed", why: /deadline has passed/, change: () => ({deadline: 5})},
    {id: "a deadline far away", why: /deadline is too far/, change: ({deadline}) => ({deadline: deadline + 3600})},
    {id: "an unknown vault", why: /no vault/, change: () => ({vault_address: `0x${"11".repeat(20)}`})},
    {id: "another root", why: /validators_root/, change: () => ({validators_root: `0x${"11".repeat(32)}`})},
    {id: "another next index", why: /validator_index is not 0/, change: () => ({validator_index: 1})},
    {id: "an amount that no vault takes", why: /amounts/, change: () => ({amounts: [31e9]})},
    {id: "amounts that are not those signed", why: /deposit_signatures\[0\]/, change: () => ({amounts: [33e9]})},
    {
      id: "the deposit signature of another",
      why: /deposit_signatures\[0\]/,
      change: () => ({deposit_signatures: [aValidator("b", 0, kindOf()).depositSignature]}),
    },
    {id: "too few deposit signatures", why: /deposit_signatures has 0/, change: () => ({deposit_signatures: []})},
    {
      id: "the exit of another index",
      why: /not of the exit of index 0/,
      change: () => {
        const {publicKeyShards, exitShards} = shards(1);
        return {public_key_shards: [publicKeyShards], exit_signature_shards: [exitShards]};
      },
    },
    {
      id: "shards of another key",
      why: /polynomial/,
      change: () => {
        const {publicKeyShards, exitShards} = shards(0, "b");
        return {public_key_shards: [publicKeyShards], exit_signature_shards: [exitShards]};
      },
    },
    {
      id: "shards of another threshold",
      why: /polynomial/,
      change: () => {
        const {publicKeyShards, exitShards} = shards(0, "a", {threshold: 1});
        return {public_key_shards: [publicKeyShards], exit_signature_shards: [exitShards]};
      },
    },
    {
      id: "shards in another order",
      why: /decrypted/,
      change: ({exit_signature_shards: [own = []]}) => ({exit_signature_shards: [[...own].reverse()]}),
    },
    {
      id: "a shard too few",
      why: /exit_signature_shards\[0\] has 2/,
      change: ({exit_signature_shards: [own = []]}) => ({exit_signature_shards: [own.slice(1)]}),
    },
    {
      id: "the signature of another manager",
      why: /manager/,
      change: () => ({validators_manager_signature: `0x${"11".repeat(64)}1b`}),
    },
  ])("is refused for $id", async ({change, why}) => {
    const {all} = await start();
    const request = await aRequest([aValidator("a", 0, kindOf())]);
    const {status, said} = await ask(urlOf(firstOf(all)), {...request, ...(await change(request))});
    expect({status, said}).toEqual({status: 400, said: {message: expect.stringMatching(why)}});
  });

  it("is refused for a key that is registered, after somebody's deposit and for too many keys", async () => {
    const {all} = await start();
    await register(all, [aValidator("a", 0, kindOf())]);
    const again = await ask(urlOf(firstOf(all)), await aRequest([aValidator("a", 1, kindOf())], kindOf(), 1));
    expect(again.said["message"]).toMatch(/is registered/);
    const request = await aRequest([aValidator("b", 1, kindOf())], kindOf(), 1);
    await stakeWise.depositElsewhere(aTopUp(aDeposit(network, "x")));
    expect((await ask(urlOf(firstOf(all)), request)).said["message"]).toMatch(/validators_root/);
    const many = Array.from({length: 11}, () => request.public_keys[0]);
    expect((await ask(urlOf(firstOf(all)), {...request, public_keys: many})).said["message"]).toMatch(/more than 10/);
  });
});

describe("a rotation", () => {
  const rotationOf = (seeds: readonly string[], indexes: readonly number[]) => {
    const split = seeds.map((seed, i) => splitExitOf(seed, indexes[i] as number, kindOf()));
    return {
      vault_address: stakeWise.vault.address,
      public_keys: seeds.map(keyOf),
      public_key_shards: split.map(({publicKeyShards}) => publicKeyShards),
      exit_signature_shards: split.map(({exitShards}) => exitShards),
      deadline: soon(),
    };
  };

  it("of the validators' real indexes is accepted by the Keeper, and seen by the oracles", async () => {
    const {all, outdate} = await start();
    const {vault, keeper} = stakeWise;
    const url = `${urlOf(firstOf(all))}/signatures/${vault.address}`;
    expect((await ask(url)).said).toEqual({exit_signature_block_number: null, validators: []});
    await register(all, [aValidator("a", 0, kindOf()), aValidator("b", 1, kindOf())]);
    const approvedIn = Number(await anvil.rpc("eth_blockNumber"));
    outdate(vault.address, [1]);
    expect((await ask(url)).said).toEqual({exit_signature_block_number: approvedIn, validators: [{index: 1}]});
    const request = rotationOf(["b"], [1]);
    const {said, signatures} = await askTwo(all, "/signatures", request);
    const args = [vault.address, said?.["deadline"], said?.["ipfs_hash"], signatures];
    const {blockNumber} = await keeper.send("updateExitSignatures", args);
    expect((await ask(url)).said).toMatchObject({exit_signature_block_number: Number(blockNumber)});
    firstOf(all).behave({sawRotation: 3});
    expect((await ask(url)).said).toMatchObject({exit_signature_block_number: 3});
    // The nonce has moved on.
    expect(await keeper.why("updateExitSignatures", args)).toBe("InvalidOracle");
  });

  it("is refused for another index, and for a key that is no validator", async () => {
    const {all} = await start();
    await register(all, [aValidator("a", 0, kindOf())]);
    const url = `${urlOf(firstOf(all))}/signatures`;
    expect((await ask(url, rotationOf(["a"], [1]))).said["message"]).toMatch(/index 0/);
    expect((await ask(url, rotationOf(["b"], [1]))).said["message"]).toMatch(/no validator/);
  });
});

describe("what else oracles answer", () => {
  it("a consolidation of a validator into itself", async () => {
    const {all} = await start();
    const {vault} = stakeWise;
    await register(all, [aValidator("a", 0, kindOf())]);
    const request = {public_keys: [keyOf("a")], vault_address: vault.address};
    const {signatures} = await askTwo(all, "/consolidate-validators", request);
    const validators = toHex(encodeConsolidations([{source: keyOf("a"), target: keyOf("a")}]));
    await stakeWise.impersonate(signer.address);
    await vault.send("consolidateValidators", [validators, "0x", signatures], {from: signer.address, value: 5n});
  });

  it("the exits that they hold", async () => {
    const {all, hold} = await start();
    hold([4, 9]);
    expect((await ask(`${urlOf(firstOf(all))}/exits`)).said).toEqual([{index: 4}, {index: 9}]);
    expect((await ask(`${urlOf(firstOf(all))}/elsewhere`)).status).toBe(404);
  });
});

describe("an oracle that is told to", () => {
  it("refuses, answers nonsense, or another deadline, IPFS hash or signature", async () => {
    const {all} = await start();
    const oracle = firstOf(all);
    const request = await aRequest([aValidator("a", 0, kindOf())]);
    const right = (await ask(urlOf(oracle), request)).said;
    const answers: unknown[] = [];
    for (const behaviour of [
      {refuses: "no"},
      {answers: {status: 200, body: "[]"}},
      {deadlineLater: 7},
      {ipfsHash: "QmOther"},
      {lies: true},
      {},
    ]) {
      oracle.behave(behaviour);
      answers.push((await ask(urlOf(oracle), request)).said);
    }
    const another = expect.stringMatching(new RegExp(`^(?!${right["signature"]}).{132}$`));
    expect(answers).toEqual([
      {message: "no"},
      [],
      {...right, deadline: request.deadline + 7, signature: another},
      {...right, ipfs_hash: "QmOther", signature: another},
      {...right, signature: another},
      right,
    ]);
  });

  it("is slow, hangs, or has a replica that is down", async () => {
    const {all, untilAsked, config} = await start({replicas: 2});
    const oracle = firstOf(all);
    const [first, second] = oracle.replicas as [(typeof oracle.replicas)[0], (typeof oracle.replicas)[0]];
    await first.stop();
    await expect(ask(`${first.url}/exits`)).rejects.toThrow();
    second.behave({slowMs: 50});
    const asked = performance.now();
    expect((await ask(`${second.url}/exits`)).status).toBe(200);
    expect(performance.now() - asked).toBeGreaterThan(45);
    second.behave({hangs: true});
    const controller = new AbortController();
    const hanging = fetch(`${second.url}/exits`, {signal: controller.signal});
    await untilAsked(2);
    controller.abort();
    await expect(hanging).rejects.toThrow();
    expect(oracle.asked()).toMatchObject([{path: "/exits", status: 200}, {path: "/exits"}]);
    expect(readOraclesConfig(config, "here").oracleSet.publicKeys).toEqual(oracleKeys.map(publicKeyOf));
  });
});
