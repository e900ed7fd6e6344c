import {join} from "node:path";
import {type Address, type Hex, recoverTypedDataAddress} from "viem";
import {expect, it} from "vitest";
import type {OraclesExitSignatureShares} from "../../../schemas/exitCompletion.js";
import {exitShare} from "../../../schemas/exitShare.js";
import {networks} from "../../../src/consensus/networks.js";
import {createVaultSigner} from "../../../src/execution/vaultSignature.js";
import {depositRootOf} from "../../../src/exits/depositId.js";
import {verifyShare} from "../../../src/exits/recoverExit.js";
import {publish} from "../../../src/messaging/publish.js";
import {fromHex, toHex} from "../../../src/runtime/hex.js";
import {createValidatorsManager} from "../../../src/vaults/createValidatorsManager.js";
import type {VaultRules} from "../../../src/vaults/vaultRules.js";
import {encodeRegistrations} from "../../../src/vaults/vaultValidators.js";
import {hearReceipts} from "../../support/hearReceipts.js";
import {aLogger} from "../../support/logger.js";
import {temporaryFolder} from "../../support/servers.js";
import {aShare, aVault, createStage, type Dealt, type Stage} from "../../support/stage.js";
import {startTestSidecar} from "../../support/startTestSidecar.js";
import {type Answer, post, send, startCentre, startTestGateway} from "../../support/testGateway.js";
import {untilMessages} from "../../support/until.js";

const ether = (amount: number): number => amount * 1_000_000_000;
const otherVault = `0x${"b2".repeat(20)}`;
const rootOf = (byte: string): string => `0x${byte.repeat(32)}`;

/** The chain as a gateway sees it; the test moves it on. */
function createChain() {
  const chain = {root: rootOf("c1"), nextIndex: 1000, registered: new Set<string>(), onRoot: () => {}};
  const rulesOf = (vault: string): VaultRules => ({
    vault,
    clusters: new Set(["c1", "c2"]),
    allowFullExits: false,
    operations: new Map([["register", {maxAmount: ether(64)}]]),
  });
  const depositRoot = async (): Promise<string> => {
    chain.onRoot();
    return chain.root;
  };
  const manager = createValidatorsManager({
    signer: createVaultSigner(new Uint8Array(32).fill(7), networks.hoodi.chainId),
    contracts: {depositRoot, managerNonce: async () => rootOf("00")},
    rules: new Map([aVault, otherVault].map((vault) => [vault, rulesOf(vault)])),
    chain: undefined,
  });
  const registry = {
    read: async () => {
      const {nextIndex, registered} = chain;
      return {nextIndex, isRegistered: (key: string) => registered.has(key)};
    },
  };
  return {chain, manager, registry};
}

const toBody = (change: object): object => ({
  vault: `0x${aVault.slice(2).toUpperCase()}`,
  validators_start_index: 1000,
  amounts: [ether(32)],
  validator_type: "0x02",
  unknown_field: 1,
  ...change,
});
const register = (url: string, change: object = {}, authorization?: string): Promise<Answer> =>
  post(`${url}/register`, toBody(change), authorization);

/** As an operator who does not wait for the answer once this has happened. */
async function registerUntil(url: string, change: object, happened: Promise<unknown>): Promise<void> {
  const leaving = new AbortController();
  const headers = {"content-type": "application/json"};
  const {signal} = leaving;
  const asked = fetch(`${url}/register`, {method: "POST", headers, body: JSON.stringify(toBody(change)), signal}).catch(() => {});
  await happened;
  leaving.abort();
  await asked;
}

type Listed = {public_key: string; amount: number; deposit_signature: string | null};
const keysOf = ({body}: Answer): string[] => (body["validators"] as Listed[]).map(({public_key}) => public_key);
const toPart = (public_key: string | undefined, amount: number, parts: object = {}): object => ({
  public_key,
  amount,
  deposit_signature: null,
  exit_signature: null,
  oracles_exit_signature_shares: null,
  ...parts,
});

async function startSidecars(stage: Stage, shareIndexes: readonly number[], vaults: readonly string[]): Promise<void> {
  const folder = await temporaryFolder();
  const depositRules = {allowedVaults: new Set(vaults)};
  await Promise.all(
    shareIndexes.map((shareIndex) => startTestSidecar(stage, join(folder, `${shareIndex}`), {shareIndex, depositRules})),
  );
}

/** Complete and right: the stored shards of the exit at its index, the validator's own deposit signature, the manager's of all. */
async function expectSigned(
  {exits, oracleSet, dealt}: Stage,
  {manager, chain}: ReturnType<typeof createChain>,
  {status, body}: Answer,
  expected: readonly {of: number; amount: number; index: number}[],
): Promise<void> {
  expect(status).toBe(200);
  const validators = body["validators"] as Listed[];
  const parts = expected.map(async ({of, amount, index}, position) => {
    const {publicKeyHex: publicKey, validator} = dealt[of] as Dealt;
    const exit = {network: networks.hoodi, publicKey, validatorIndex: index};
    const [result] = (await exits.findResults([exit], oracleSet.configHash)).values();
    const {public_keys, encrypted_exit_signatures} = result as OraclesExitSignatureShares;
    const deposit_signature = validators[position]?.deposit_signature ?? "";
    const root = depositRootOf({...exit, deposit: {vault: aVault, amount, validator_type: "0x02"}});
    expect(verifyShare(validator.publicKey, root, fromHex(deposit_signature))).toBeDefined();
    return toPart(publicKey, amount, {
      deposit_signature,
      oracles_exit_signature_shares: {public_keys, encrypted_exit_signatures},
    });
  });
  expect(validators).toEqual(await Promise.all(parts));
  const registrations = validators.map(({public_key: publicKey, amount, deposit_signature}) => ({
    publicKey,
    amount,
    depositSignature: deposit_signature as string,
  }));
  const signer = await recoverTypedDataAddress({
    domain: {name: "VaultValidators", version: "1", chainId: networks.hoodi.chainId, verifyingContract: aVault as Address},
    types: {
      VaultValidators: [
        {name: "validatorsRegistryRoot", type: "bytes32"},
        {name: "validators", type: "bytes"},
      ],
    },
    primaryType: "VaultValidators",
    message: {
      validatorsRegistryRoot: chain.root as Hex,
      validators: toHex(encodeRegistrations(aVault, "0x02", registrations)) as Hex,
    },
    signature: body["validators_manager_signature"] as Hex,
  });
  expect(signer).toBe(manager.address);
}

it("gets a vault its validators, whatever its assets, the gateway and the chain do in the meantime", async () => {
  const stage = await createStage({validators: 4});
  await startCentre(stage);
  const keys = stage.dealt.map(({publicKeyHex}) => publicKeyHex);
  const onChain = createChain();
  const {chain} = onChain;
  const first = await startTestGateway(stage, onChain);
  const issued = untilMessages(stage.bus, "dvt.v2.exit_requests.>", 1);
  const held = register(first.url, {amounts: [ether(40), ether(33)]});
  await issued;
  await first.stop();
  expect((await held).body).toEqual({
    validators: [toPart(keys[0], ether(40)), toPart(keys[1], ether(33))],
    validators_manager_signature: null,
  });

  await startSidecars(stage, [1, 2, 4], [aVault]);
  const {logger, logged} = aLogger();
  const {url} = await startTestGateway(stage, {...onChain, logger});
  const answer = await register(url, {amounts: [ether(41), ether(32.5)]});
  const [zeroth, one] = [
    {of: 0, amount: ether(40), index: 1000},
    {of: 1, amount: ether(32.5), index: 1001},
  ];
  await expectSigned(stage, onChain, answer, [zeroth, one]);

  chain.root = rootOf("c2");
  const again = await register(url, {amounts: [ether(42), ether(42)]});
  expect(again.body["validators"]).toEqual(answer.body["validators"]);
  await expectSigned(stage, onChain, again, [zeroth, one]);

  // The first of them is staked on while the signature is made: whoever had it could do so again.
  chain.onRoot = () => {
    chain.registered.add(keys[0] as string);
    chain.nextIndex = 1001;
    chain.onRoot = () => {};
  };
  expect((await register(url, {amounts: [ether(42), ether(42)]})).body).toEqual({
    validators: answer.body["validators"],
    validators_manager_signature: null,
  });
  const next = await register(url, {validators_start_index: 1001, amounts: [ether(42), ether(64)]});
  await expectSigned(stage, onChain, next, [one, {of: 2, amount: ether(64), index: 1002}]);

  // Somebody else's validators came first: new exits, and the deposits as they are asked for now.
  chain.nextIndex = 1005;
  const last = {validators_start_index: 1005, amounts: [ether(42), ether(64)]};
  const moved = await register(url, last);
  await expectSigned(stage, onChain, moved, [
    {of: 1, amount: ether(42), index: 1005},
    {of: 2, amount: ether(64), index: 1006},
  ]);
  expect(logged.filter((it) => "first_was" in it)).toMatchObject([
    {operator_id: "op-1", next_index: 1005, first_was: 1001, exits: [expect.any(String), expect.any(String)]},
  ]);
  const taken = untilMessages(stage.bus, "$JS.ACK.EXIT_SHARES.>", 1);
  await publish(await stage.busOf("sidecar-c1-3"), exitShare, aShare(stage, {of: 1, shareIndex: 3, validatorIndex: 1001}));
  await taken;
  expect((await register(url, last)).body).toEqual(moved.body);
});

it("tells the relayer once which results it has given", async () => {
  const stage = await createStage();
  await startCentre(stage);
  await startSidecars(stage, [1, 2, 4], [aVault]);
  const heard = hearReceipts(stage);
  const {url, stop} = await startTestGateway(stage, createChain());
  const two = {amounts: [ether(32), ether(32)]};
  await expect.poll(async () => (await register(url, two)).body["validators_manager_signature"]).not.toBeNull();
  await expect.poll(() => heard.toSorted()).toEqual(["op-1 1000", "op-1 1001"]);
  await register(url, two);
  await stop();
  await stage.bus.connection.flush();
  expect(heard).toHaveLength(2);
  for (const {publicKeyHex: publicKey} of stage.dealt)
    await expect.poll(async () => (await stage.requests.find({network: networks.hoodi, publicKey}))?.state).toBe("answered");
});

it("tells the relayer nothing of an exit whose deposit is missing: the operator cannot use it yet", async () => {
  const stage = await createStage();
  await startCentre(stage);
  await startSidecars(stage, [1, 2, 4], [otherVault]);
  const heard = hearReceipts(stage);
  const {url, stop} = await startTestGateway(stage, createChain());
  const first = async () => ((await register(url, {amounts: [ether(32)]})).body["validators"] as object[])[0];
  const exitAlone = {deposit_signature: null, oracles_exit_signature_shares: {public_keys: expect.any(Array)}};
  await expect.poll(first).toMatchObject(exitAlone);
  await stop();
  await stage.bus.connection.flush();
  expect(heard).toEqual([]);
});

it("reserves a key for one vault, and asks for and signs nothing when the operator counts another index", async () => {
  const stage = await createStage({validators: 5});
  const onChain = createChain();
  const warned: object[] = [];
  const settings = {...onChain, onWarning: (fields: object) => void warned.push(fields)};
  const [{url}, other] = await Promise.all([startTestGateway(stage, settings), startTestGateway(stage, settings)]);
  const asked = untilMessages(stage.bus, "dvt.v2.requests.>", 2);
  const three = {amounts: [ether(40), ether(40), ether(40)]};
  await Promise.all([registerUntil(url, three, asked), registerUntil(other.url, {...three, vault: otherVault}, asked)]);

  const elsewhere = {...three, validators_start_index: 999};
  const known = await Promise.all([register(other.url, elsewhere), register(url, {...elsewhere, vault: otherVault})]);
  for (const {body} of known) expect(body).toMatchObject({validators_manager_signature: null});
  const [own = [], others = []] = known.map(keysOf);
  expect([...own, ...others].sort()).toEqual(stage.dealt.map(({publicKeyHex}) => publicKeyHex).sort());
  expect([own.length, others.length].sort()).toEqual([2, 3]);
  const fewer = own.length < 3 ? aVault : otherVault;
  expect(warned).toContainEqual({vault: fewer, asked: 3, keys: 2});
  expect(warned).toContainEqual({vault: aVault, validators_start_index: 999, next_index: 1000});
  const {body: metrics} = await send(`${other.url}/metrics`);
  expect(metrics["text"]).toContain(`dvt_gateway_keys_left{vault="${aVault}"} ${own.length}`);

  // Nothing is left with another type: sidecars are bound to the one that they signed for.
  const nothing = {validators: [], validators_manager_signature: null};
  expect((await register(url, {validator_type: "0x01"})).body).toEqual(nothing);
  for (const key of own) onChain.chain.registered.add(key);
  expect((await register(url)).body).toEqual(nothing);
});

it("refuses amounts that the vault's rules do not allow, or no validator can have", async () => {
  const stage = await createStage();
  const [{url}, without] = await Promise.all([startTestGateway(stage, createChain()), startTestGateway(stage)]);
  const rows = [
    {change: {amounts: [ether(32), ether(31)]}, status: 422, code: "VAULT_REFUSED"},
    {change: {amounts: [ether(64) + 1]}, status: 422, code: "VAULT_REFUSED"},
    {change: {amounts: [ether(33)], validator_type: "0x01"}, status: 422, code: "VAULT_REFUSED"},
    {change: {vault: `0x${"c3".repeat(20)}`}, status: 403, code: "NOT_ALLOWED"},
    {change: {amounts: []}, status: 400, code: "REQUEST_MALFORMED"},
    {change: {validator_type: "0x03"}, status: 400, code: "REQUEST_MALFORMED"},
    {change: {vault: "0xa1"}, status: 400, code: "REQUEST_MALFORMED"},
  ];
  for (const {change, status, code} of rows) expect(await register(url, change)).toMatchObject({status, body: {code}});
  expect(await register(without.url)).toMatchObject({status: 501, body: {code: "NOT_CONFIGURED"}});
});

it("logs why a validator cannot be registered", async () => {
  const stage = await createStage();
  await startCentre(stage);
  await startSidecars(stage, [1, 3], [otherVault]);
  const refused = new Promise((resolve) => {
    void startTestGateway(stage, {...createChain(), onWarning: resolve}).then(({url}) => registerUntil(url, {}, refused));
  });
  expect(await refused).toEqual({
    exits: [`hoodi:${stage.dealt[0]?.publicKeyHex}:1000`],
    code: "DEPOSIT_REFUSED",
    refusals: {1: "VAULT_NOT_ALLOWED", 3: "VAULT_NOT_ALLOWED"},
  });
});
