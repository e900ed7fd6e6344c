import {createHash} from "node:crypto";
import {recoverTypedDataAddress} from "viem";
import {afterAll, beforeAll, describe, expect, it, onTestFinished} from "vitest";
import type {Cluster} from "../../../src/clusters/cluster.js";
import {toClusters} from "../../../src/clusters/clusters.js";
import {networks} from "../../../src/consensus/networks.js";
import {DvtError} from "../../../src/errors.js";
import {fromHex} from "../../../src/runtime/hex.js";
import {type Anvil, startAnvil} from "../../../src/sandbox/chain/anvil.js";
import {deployContract} from "../../../src/sandbox/chain/contracts.js";
import type {ChainValidators} from "../../../src/vaults/chainValidators.js";
import {openValidatorsManager} from "../../../src/vaults/openValidatorsManager.js";
import type {ValidatorsManager} from "../../../src/vaults/validatorsManager.js";
import type {VaultOperation, VaultRules} from "../../../src/vaults/vaultRules.js";
import {deployWordContract, selectors, type WordContract} from "../../support/chain/wordContract.js";
import {vector} from "../../support/files.js";
import {aLogger} from "../../support/logger.js";
import {createStage, createTestCluster} from "../../support/stage.js";
import {startTestLink} from "../../support/startTestLink.js";
import {type Answer, post, send, startTestGateway} from "../../support/testGateway.js";

type Vector = {private_key: string; address: string};
const {private_key, address} = vector<Vector>("validators-manager.json");
let anvil: Anvil;
let vault: WordContract;
let depositContract: WordContract;

beforeAll(async () => {
  anvil = await startAnvil({chainId: networks.hoodi.chainId});
  vault = await deployWordContract(anvil, selectors.managerNonce);
  await vault.names(address);
  depositContract = await deployWordContract(anvil, selectors.depositRoot);
});
afterAll(() => anvil.stop());

const every: readonly VaultOperation[] = ["register", "fund", "withdraw", "consolidate"];
const upTo = (maxAmount: number, operations = every): VaultRules["operations"] =>
  new Map(operations.map((operation) => [operation, {maxAmount}]));

const missing = `0x${"0a".repeat(20)}`;
const stranger = `0x${"0e".repeat(20)}`;
/** On the chain: by public key, the withdrawal address. */
const withdrawals = new Map<string, string>();
let isChainUnavailable = false;
const chain: ChainValidators = {
  async findValidators(publicKeys) {
    if (isChainUnavailable) throw new DvtError("CONSENSUS_UNAVAILABLE", "ask beacon node: it does not answer in time");
    return publicKeys.flatMap((publicKey) => {
      const to = withdrawals.get(publicKey);
      return to === undefined ? [] : [{publicKey, withdrawalCredentials: `0x01${"0".repeat(22)}${to.slice(2)}`}];
    });
  },
};

async function openManager(rules: Partial<VaultRules>[] = [{}], endpoints = anvil.url): Promise<ValidatorsManager> {
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  const all = rules.map(
    (change): VaultRules => ({
      vault: vault.address,
      clusters: new Set(["c1", "c2", "c3"]),
      operations: upTo(64),
      allowFullExits: false,
      ...change,
    }),
  );
  return openValidatorsManager({
    privateKey: fromHex(private_key),
    rules: new Map(all.map((it) => [it.vault, it])),
    chain,
    endpoints,
    network: networks.hoodi,
    depositContract: depositContract.address,
    logger: aLogger().logger,
    signal: controller.signal,
  });
}

const tokens = ["op-1", "op-2"].map((operatorId) => ({as: "operator" as const, operatorId}));
const credentials = {
  tokens: [...tokens, {as: "sidecar" as const, clusterId: "c1", shareIndex: 1}].map((caller) => ({
    sha256: createHash("sha256")
      .update(caller.as === "operator" ? caller.operatorId : caller.as)
      .digest(),
    caller,
  })),
  jwtSecrets: [],
};

/**
 * Three clusters: c1, whose validators withdraw to the vault; c2, of op-2 only; and c3, whose validators withdraw to the vault
 * according to its definition, but not on the chain.
 */
async function createClusters() {
  const stage = await createStage();
  const withdrawingTo = (id: string, address: string): Cluster => {
    const {cluster, dealt} = createTestCluster(id, {validators: 7});
    for (const {publicKeyHex} of dealt) withdrawals.set(publicKeyHex, address);
    const withdrawalAddress = vault.address;
    return {
      ...cluster,
      validators: new Map(dealt.map(({publicKeyHex: key, validator}) => [key, {...validator, withdrawalAddress}])),
    };
  };
  const {cluster: c2} = createTestCluster("c2", {operatorIds: ["op-2"], validators: 3});
  const [c1, c3] = [withdrawingTo("c1", vault.address), withdrawingTo("c3", stranger)];
  for (const [position, key] of [...c2.validators.keys()].entries()) {
    const [to] = [vault.address, missing].slice(position);
    if (to !== undefined) withdrawals.set(key, to);
  }
  const relayer = {...stage.relayer, clusters: toClusters([c1, c2, c3])};
  const keysOf = (cluster: Cluster) => [...cluster.validators.keys()] as [string, string, string];
  return {
    own: keysOf(c1),
    others: keysOf(c2),
    foreign: keysOf(c3),
    /** Starts a gateway for these clusters and returns its URL. */
    async serve(manager?: ValidatorsManager): Promise<string> {
      return (await startTestGateway({...stage, relayer}, {credentials, ...(manager && {manager})})).url;
    },
  };
}

/** The address that signed these bytes at this root. */
const signerOf = ({body}: Answer, validators: string, root: bigint): Promise<string> =>
  recoverTypedDataAddress({
    domain: {
      name: "VaultValidators",
      version: "1",
      chainId: networks.hoodi.chainId,
      verifyingContract: vault.address as `0x${string}`,
    },
    types: {
      VaultValidators: [
        {name: "validatorsRegistryRoot", type: "bytes32"},
        {name: "validators", type: "bytes"},
      ],
    },
    primaryType: "VaultValidators",
    message: {
      validatorsRegistryRoot: `0x${root.toString(16).padStart(64, "0")}`,
      validators: validators as `0x${string}`,
    },
    signature: body["validators_manager_signature"] as `0x${string}`,
  });

const uint64 = (amount: number): string => amount.toString(16).padStart(16, "0");
const inCapitals = (hex: string): string => `0x${hex.slice(2).toUpperCase()}`;

it("signs as the vault's manager, with the vault's current nonce, and counts it", async () => {
  const manager = await openManager();
  const {own, serve} = await createClusters();
  const url = await serve(manager);
  const [a, b] = own;
  const ask = (route: string, body: object) =>
    post(`${url}/${route}`, {vault: inCapitals(vault.address), more: 1, ...body}, "Bearer op-1");
  expect((await send(`${url}/info`)).body).toEqual({network: "hoodi", validators_manager_address: address});

  const withdrawal = {public_keys: [inCapitals(a), b], amounts: [1, 64]};
  const withdrawn = `${a}${uint64(1)}${b.slice(2)}${uint64(64)}`;
  for (const nonce of [7n, 8n, 2n ** 256n - 1n]) {
    await vault.says(nonce);
    expect(await signerOf(await ask("withdraw", withdrawal), withdrawn, nonce)).toBe(address);
  }
  const nonce = 9n;
  await vault.says(nonce);
  const consolidated = await ask("consolidate", {source_public_keys: [a, b], target_public_keys: [b, b]});
  expect(await signerOf(consolidated, `${a}${b.slice(2)}${b.slice(2)}${b.slice(2)}`, nonce)).toBe(address);
  const funded = await ask("fund", {public_keys: [a], amounts: [5]});
  expect(funded.body).toEqual({
    validators_manager_signature: await manager.signFunding(vault.address, [{publicKey: a, amount: 5}]),
  });

  const {body: metrics} = await send(`${url}/metrics`, {authorization: "Bearer op-1"});
  expect(metrics["text"]).toContain('dvt_gateway_manager_signatures_total{operation="withdraw"} 3');
});

it("signs a registration with the current root of the deposit contract", async () => {
  const manager = await openManager();
  const one = {publicKey: `0x${"11".repeat(48)}`, amount: 32, depositSignature: `0x${"22".repeat(96)}`};
  const signatures: string[] = [];
  for (const root of [1n, 1n, 2n]) {
    await depositContract.says(root);
    signatures.push(await manager.signRegistration(vault.address, "0x01", [one], {depositRoot: await manager.readDepositRoot()}));
  }
  expect([signatures[0] === signatures[1], signatures[1] === signatures[2]]).toEqual([true, false]);
});

describe("a vault whose manager is a contract", () => {
  const ask = async (manager: string): Promise<{answer: Answer; info: unknown}> => {
    await vault.names(manager);
    onTestFinished(() => vault.names(address));
    await vault.says(7n);
    const {own, serve} = await createClusters();
    const url = await serve(await openManager());
    const body = {vault: vault.address, public_keys: [own[0]], amounts: [1]};
    return {answer: await post(`${url}/withdraw`, body, "Bearer op-1"), info: (await send(`${url}/info`)).body};
  };

  it.each(["ContractManager", "SafeManager"] as const)("is signed for if the %s accepts the key", async (name) => {
    const contract = await deployContract(anvil, name, [address]);
    const {answer, info} = await ask(contract);
    expect(answer.body).toEqual({validators_manager_signature: expect.stringMatching(/^0x[0-9a-f]{130}$/)});
    // What StakeWise's operator compares with what the vault names.
    expect(info).toEqual({network: "hoodi", validators_manager_address: contract});
  });

  it("is not signed for if the contract does not accept the key", async () => {
    const {answer, info} = await ask(await deployContract(anvil, "ContractManager", [stranger]));
    expect(answer).toMatchObject({status: 422, body: {code: "VAULT_REFUSED"}});
    expect(answer.reason).toMatch(/does not accept a signature of the key here, of 0x/);
    expect(info).toEqual({network: "hoodi", validators_manager_address: address});
  });

  it("is not signed for if the vault names somebody else, who has no contract", async () => {
    const {answer} = await ask(stranger);
    expect(answer).toMatchObject({
      status: 422,
      body: {code: "VAULT_REFUSED", detail: expect.stringContaining("use that key")},
    });
  });

  it("leaves the address open for vaults that name several", async () => {
    const other = await deployWordContract(anvil, selectors.managerNonce);
    await other.names(await deployContract(anvil, "ContractManager", [address]));
    const {serve} = await createClusters();
    const url = await serve(await openManager([{}, {vault: other.address}]));
    expect((await send(`${url}/info`)).body).toEqual({network: "hoodi"});
  });
});

it("the manager's address is left out while no node says which one the vault names", async () => {
  const {serve} = await createClusters();
  const link = await startTestLink(Number(new URL(anvil.url).port));
  const url = await serve(await openManager([{}], `http://127.0.0.1:${link.port}`));
  link.cut();
  expect((await send(`${url}/info`)).body).toEqual({network: "hoodi"});
});

describe("what is not allowed", () => {
  it("is not signed", async () => {
    const elsewhere = `0x${"0d".repeat(20)}`;
    const unnamed = `0x${"0c".repeat(20)}`;
    const manager = await openManager([
      {},
      {vault: missing},
      {vault: elsewhere, clusters: new Set(["c3"]), operations: upTo(64, ["fund"])},
    ]);
    const {own, others, foreign, serve} = await createClusters();
    const url = await serve(manager);
    const [a, b] = own;
    type Row = {id: string; route?: string; body?: object; as?: string; status: number; code: string; reason?: RegExp};
    const fund = {public_keys: [a], amounts: [1]};
    const consolidate = {source_public_keys: [a], target_public_keys: [b]};
    const refused = {status: 422, code: "VAULT_REFUSED"};
    const malformed = {status: 400, code: "REQUEST_MALFORMED"};
    const rows: Row[] = [
      {id: "without a token", as: "", status: 401, code: "NOT_AUTHENTICATED"},
      {id: "a sidecar", as: "sidecar", status: 403, code: "NOT_ALLOWED"},
      {id: "a vault that is not named", body: {...fund, vault: unnamed}, status: 403, code: "NOT_ALLOWED"},
      {
        id: "an operation that is not named",
        route: "withdraw",
        body: {...fund, vault: elsewhere},
        status: 403,
        code: "NOT_ALLOWED",
      },
      {
        id: "a vault that does not exist",
        body: {...fund, vault: missing, public_keys: [others[1]]},
        as: "op-2",
        status: 503,
        code: "UNAVAILABLE",
        reason: /EXECUTION_UNAVAILABLE/,
      },
      {id: "no keys", body: {public_keys: [], amounts: []}, ...malformed},
      {id: "more keys than amounts", body: {...fund, public_keys: own}, ...refused, reason: /7 public_keys and 1 amounts/},
      {id: "a negative amount", body: {...fund, amounts: [-1]}, ...malformed},
      {id: "a broken amount", body: {...fund, amounts: [1.5]}, ...malformed},
      {
        id: "an amount that a JSON number does not hold",
        body: `{"vault": "${vault.address}", "public_keys": ["${a}"], "amounts": [18446744073709551615]}` as never,
        ...malformed,
      },
      {id: "more sources than targets", route: "consolidate", body: {...consolidate, source_public_keys: own}, ...refused},
      {
        id: "a key of nobody's",
        body: {...fund, public_keys: [`0x${"ab".repeat(48)}`]},
        ...refused,
        reason: /no cluster of this operator/,
      },
      {
        id: "a key of another operator",
        body: {...fund, public_keys: [others[0]]},
        ...refused,
        reason: /no cluster of this operator/,
      },
      {
        id: "a key that withdraws elsewhere, whatever its definition says",
        body: {...fund, public_keys: [foreign[0]]},
        ...refused,
        reason: /on the chain it withdraws to 0x010{22}0e/,
      },
      {
        id: "a key that is not on the chain yet",
        body: {...fund, public_keys: [others[2]]},
        as: "op-2",
        ...refused,
        reason: /the chain does not have it/,
      },
      {
        id: "a key of a cluster that is not named",
        body: {...fund, vault: elsewhere},
        ...refused,
        reason: /cluster c1 is not among/,
      },
      {id: "a key twice", body: {public_keys: [a, inCapitals(a)], amounts: [1, 1]}, ...refused, reason: /twice/},
      {id: "too much", body: {...fund, amounts: [65]}, ...refused, reason: /65 gwei is more than the 64/},
      {id: "nothing", body: {...fund, amounts: [0]}, ...refused},
      {id: "a full exit", route: "withdraw", body: {...fund, amounts: [0]}, ...refused, reason: /ALLOW_FULL_EXITS/},
      {id: "another's source", route: "consolidate", body: {...consolidate, source_public_keys: [others[0]]}, ...refused},
      {id: "another's target", route: "consolidate", body: {...consolidate, target_public_keys: [others[0]]}, ...refused},
      {
        id: "a target that withdraws elsewhere",
        route: "consolidate",
        body: {...consolidate, target_public_keys: [foreign[0]]},
        ...refused,
      },
      {
        id: "seven at once",
        body: {public_keys: own, amounts: Array(7).fill(1)},
        ...refused,
        reason: /exits validators/,
      },
      {
        id: "seven sources",
        route: "consolidate",
        body: {source_public_keys: own, target_public_keys: own},
        ...refused,
        reason: /exits validators/,
      },
      {
        id: "a source twice",
        route: "consolidate",
        body: {source_public_keys: [a, a], target_public_keys: [b, b]},
        ...refused,
        reason: /source twice/,
      },
    ];
    for (const {id, route = "fund", body = fund, as = "op-1", status, code, reason = /./} of rows) {
      const sent = typeof body === "string" ? body : {vault: vault.address, ...body};
      const answer = await post(`${url}/${route}`, sent, as && `Bearer ${as}`);
      expect([answer.status, answer.body["code"]], id).toEqual([status, code]);
      expect(answer.reason, id).toMatch(reason);
    }
    const {body} = await post(
      `${url}/fund`,
      {vault: vault.address, public_keys: [others[0], a, foreign[0]], amounts: [1, 1, 1]},
      "Bearer op-1",
    );
    expect(body["refused"]).toMatchObject([{public_key: others[0]}]);
    isChainUnavailable = true;
    onTestFinished(() => {
      isChainUnavailable = false;
    });
    const unknown = await post(`${url}/withdraw`, {vault: vault.address, public_keys: [a], amounts: [1]}, "Bearer op-1");
    expect(unknown).toMatchObject({
      status: 503,
      body: {code: "UNAVAILABLE"},
      reason: expect.stringMatching(/CONSENSUS_UNAVAILABLE/),
    });
    await expect(manager.signFunding(vault.address, [{publicKey: a, amount: 65}])).rejects.toThrow(/65/);
    await expect(
      manager.signFunding(
        vault.address,
        own.map((publicKey) => ({publicKey, amount: 1})),
      ),
    ).rejects.toThrow(/exits/);
    await expect(manager.signConsolidation(elsewhere, [{source: a, target: b}])).rejects.toThrow(/consolidate/);
  });

  it("is a validator of a cluster that is not named; a full exit, unless that is allowed; anything without a key", async () => {
    await vault.says(1n);
    const {own, foreign, serve} = await createClusters();
    const url = await serve(await openManager([{clusters: new Set(["c1"]), allowFullExits: true}]));
    const exit = (key: string, of = url) =>
      post(`${of}/withdraw`, {vault: vault.address, public_keys: [key], amounts: [0]}, "Bearer op-1");
    expect(await signerOf(await exit(own[0]), `${own[0]}${uint64(0)}`, 1n)).toBe(address);
    expect((await exit(foreign[0])).body).toMatchObject({code: "VAULT_REFUSED"});

    const withoutKey = await serve();
    expect(await exit(own[0], withoutKey)).toMatchObject({status: 501, body: {code: "NOT_CONFIGURED"}});
    expect((await send(`${withoutKey}/info`)).body).toEqual({network: "hoodi"});
  });
});

describe("a vault that gives no nonce", () => {
  it.each([
    {id: "does not exist", code: "0x", reason: /no such contract/},
    {id: "answers 31 bytes", code: "0x601f5ff3", reason: /31 bytes/},
    {id: "answers 64 bytes", code: "0x60405ff3", reason: /64 bytes/},
    {id: "has no such function", code: "0x5f5ffd", reason: /answers error/},
  ])("because it $id, is named in the error", async ({code, reason}) => {
    const of = `0x${"0b".repeat(20)}`;
    await anvil.rpc("anvil_setCode", of, code);
    const manager = await openManager([{vault: of}]);
    const error = await manager.signWithdrawal(of, [{publicKey: `0x${"11".repeat(48)}`, amount: 1}]).catch((it: unknown) => it);
    expect(error).toMatchObject({code: "EXECUTION_UNAVAILABLE", message: expect.stringMatching(reason)});
    expect((error as Error).message).toContain(`validatorsManagerNonce() of ${of}`);
  });
});
