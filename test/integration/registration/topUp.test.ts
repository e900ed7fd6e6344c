import {describe, expect, it, onTestFinished} from "vitest";
import {connectBeacon} from "../../../src/beacon/connectBeacon.js";
import {createStakeReader} from "../../../src/beacon/stakeReader.js";
import {networks} from "../../../src/consensus/networks.js";
import {connectExecution} from "../../../src/execution/connectExecution.js";
import {createManagerChain} from "../../../src/execution/managerChain.js";
import type {Wallet} from "../../../src/execution/wallet.js";
import {register} from "../../../src/registration/register.js";
import type {RegistrationParts} from "../../../src/registration/registrationParts.js";
import type {Step} from "../../../src/registration/steps.js";
import type {BeaconState} from "../../../src/sandbox/chain/beaconAnswers.js";
import {deployContract} from "../../../src/sandbox/chain/contracts.js";
import type {VaultOperation, VaultRules} from "../../../src/vaults/vaultRules.js";
import {startBeaconServer} from "../../support/beaconServer.js";
import {keyOf} from "../../support/examples/deposits.js";
import {aLogger} from "../../support/logger.js";
import {managerOf} from "../../support/openRegistrationParts.js";
import {aRegistrationStage, ether, useVaultChain, type VaultChainOfTests} from "../../support/registrationStage.js";

const {signal} = new AbortController();
const once = {watch: false, signal};
const [first, second, third] = ["v0", "v1", "v2"].map(keyOf) as [string, string, string];
const chain = useVaultChain();

type Options = {
  readonly on?: VaultChainOfTests;
  /** ETH (mGNO) in the vault, once it has validators. */
  readonly eth: number;
  readonly balances?: readonly number[];
  readonly head?: Partial<BeaconState>;
  readonly rules?: Partial<VaultRules>;
  readonly settings?: Partial<RegistrationParts["settings"]>;
  /** How many validators the vault has. */
  readonly validators?: number;
};

const operations = new Map<VaultOperation, {maxAmount: number}>([
  ["register", {maxAmount: 2_000e9}],
  ["fund", {maxAmount: 2_000e9}],
]);

const tenAtOnce = new Map([...operations, ["fund", {maxAmount: 10e9}]] as const);

/** A vault with compounding validators, and assets to stake. */
async function aStage({on = chain(), eth, balances = [], head, rules, settings, validators = 2}: Options) {
  const {network} = on;
  const amounts = Array<number>(validators).fill(32e9);
  const before = await aRegistrationStage(on, {
    fund: 32n * BigInt(validators) * ether,
    validators: validators + 1,
    settings: {validatorType: "0x02", amounts},
  });
  await register(before.parts, once);
  const {vault} = before.parts.rules;
  const keys = amounts.map((_, position) => keyOf(`v${position}`));
  const state = {
    validators: keys,
    pending: [],
    withdrawals: Object.fromEntries(keys.map((key) => [key, vault])),
    balances: Object.fromEntries(balances.map((balance, position) => [keyOf(`v${position}`), balance])),
    ...head,
  } satisfies BeaconState;
  const beacon = await startBeaconServer(network, state);
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const {logger} = aLogger();
  const execution = await connectExecution(on.anvil.url, {chain: network, signal: stop.signal, logger, laterMs: 10});
  const stage = await aRegistrationStage(on, {
    fund: BigInt(eth) * ether,
    validators: validators + 1,
    settings: {validatorType: "0x02", patienceMs: 0, ...settings},
    rules: {operations, ...rules},
    topUpSource: {
      ownKeys: () => keys,
      stakes: createStakeReader(connectBeacon(beacon.url, {network, signal: stop.signal, logger})),
      chain: createManagerChain(execution, vault),
    },
  });
  const pending: BeaconState["pending"][number][] = [];
  const tell = (step: Step): void => {
    stage.parts.tell(step);
    if (step.step !== "topped up") return;
    // A beacon node has the deposits of a block with the block.
    for (const {publicKey, amount} of step.topUps) {
      const zero = {withdrawalCredentials: `0x${"00".repeat(32)}`, signature: `0x${"00".repeat(96)}`};
      pending.push({publicKey, amount: BigInt(amount), ...zero});
    }
    beacon.setHead({...state, pending});
  };
  return {
    ...stage,
    parts: {...stage.parts, tell},
    beacon,
    vault,
    names: () => stage.steps.map(({step}) => step),
    toppedUp: async () =>
      (await stage.parts.vaultChain.readToppedUp(3600)).map(({publicKey, gwei}) => ({publicKey, eth: gwei / 1e9})),
  };
}

it("tops up those that have the most, up to the maximum, and registers with what is left", async () => {
  const it = await aStage({eth: 45 + 945 + 33, balances: [1000e9, 1900e9]});
  expect(await register(it.parts, once)).toEqual({publicKeys: [third]});
  expect(await it.toppedUp()).toEqual([
    {publicKey: second, eth: 45},
    {publicKey: first, eth: 945},
  ]);
  expect(await it.stakeWise.vault.read("withdrawableAssets")).toBe(0n);
  expect(it.names()).toEqual([
    "topping up",
    "sent",
    "included",
    "topped up",
    "planned",
    "exits ready",
    "root read",
    "approved",
    "sent",
    "included",
    "registered",
  ]);
});

it("is signed with the key that a Safe as the manager accepts", async () => {
  const it = await aStage({eth: 20});
  await it.stakeWise.setManager(await deployContract(chain().anvil, "SafeManager", [managerOf(networks.mainnet).address]));
  expect(await register(it.parts, once)).toEqual({publicKeys: []});
  expect(await it.toppedUp()).toEqual([{publicKey: first, eth: 20}]);
});

it("is done if there is nothing left to register with", async () => {
  const it = await aStage({eth: 20});
  expect(await register(it.parts, once)).toEqual({publicKeys: []});
  expect(await it.toppedUp()).toEqual([{publicKey: first, eth: 20}]);
});

it.each<{id: string; options: Options; obstacle: object}>([
  {id: "less than 10 ETH", options: {eth: 9}, obstacle: {why: "assets"}},
  {id: "less than 10 ETH of room", options: {eth: 20, balances: [1936e9, 1940e9]}, obstacle: {why: "assets"}},
  {
    id: "less than 10 ETH that the rules allow",
    options: {eth: 20, rules: {operations: new Map([...operations, ["fund", {maxAmount: 9e9}]])}},
    obstacle: {why: "assets"},
  },
  {
    id: "no more stake today",
    options: {eth: 32, rules: {perDay: {gwei: 70e9}}},
    obstacle: {why: "daily limit"},
  },
])("tops nothing up with $id", async ({options, obstacle}) => {
  const it = await aStage(options);
  expect(await register(it.parts, once)).toMatchObject(obstacle);
  expect(await it.toppedUp()).toEqual([]);
});

it.each<{id: string; head: Partial<BeaconState>}>([
  {id: "exit", head: {statuses: {[first]: "active_exiting", [second]: "exited_unslashed"}}},
  {id: "were slashed", head: {statuses: {[first]: "active_slashed", [second]: "exited_slashed"}}},
  {id: "are another vault's", head: {withdrawals: {}}},
  {id: "are 0x01", head: {old: [first, second]}},
  {id: "the chain does not have yet", head: {validators: [keyOf("elsewhere")]}},
])("tops up no validators that $id, and registers others", async ({head}) => {
  const it = await aStage({eth: 40, head});
  expect(await register(it.parts, once)).toEqual({publicKeys: [third]});
  expect(await it.toppedUp()).toEqual([]);
});

it("tops up no validator that the vault does not know as compounding", async () => {
  const it = await aStage({eth: 40, validators: 1});
  const stranger = keyOf("stranger");
  it.beacon.setHead({validators: [stranger], pending: [], withdrawals: {[stranger]: it.vault}});
  const source = it.parts.topUpSource as Exclude<RegistrationParts["topUpSource"], {whyNot: string}>;
  await register({...it.parts, topUpSource: {...source, ownKeys: () => [stranger]}}, once);
  expect(await it.toppedUp()).toEqual([]);
});

it("waits for an hour before it tops up again, and registers nothing meanwhile", async () => {
  const it = await aStage({eth: 20, rules: {operations: tenAtOnce}, validators: 1});
  expect(await register(it.parts, once)).toMatchObject({why: "topped up lately"});
  expect(await it.toppedUp()).toEqual([{publicKey: first, eth: 10}]);
  await it.stakeWise.fund(32n * ether);
  expect(await register(it.parts, once)).toMatchObject({why: "topped up lately", waitS: expect.any(Number)});
  await chain().anvil.rpc("anvil_mine", "0x12c");
  expect(await register(it.parts, once)).toMatchObject({why: "topped up lately"});
  expect(await it.parts.vaultChain.readToppedUp(86_400)).toHaveLength(2);
});

it("counts what was topped up today against the day's limit", async () => {
  const it = await aStage({eth: 60, balances: [1925e9, 1945e9], rules: {perDay: {gwei: (64 + 20 + 31) * 1e9}}});
  expect(await register(it.parts, once)).toEqual({why: "daily limit"});
  expect(await it.toppedUp()).toEqual([{publicKey: first, eth: 20}]);
});

it("signs for six and one in place of seven, because a signature for seven could exit one", async () => {
  const it = await aStage({eth: 70, validators: 7, balances: Array<number>(7).fill(1935e9)});
  expect(await register(it.parts, once)).toEqual({publicKeys: []});
  expect(it.steps.flatMap((step) => (step.step === "topped up" ? [step.topUps.length] : []))).toEqual([6, 1]);
  expect(await it.toppedUp()).toHaveLength(7);
});

it("tops nothing up if the user named amounts, nor if the rules do not name it, and says so", async () => {
  const it = await aStage({eth: 40, settings: {amounts: [40e9]}});
  expect(await register(it.parts, once)).toEqual({publicKeys: [third]});
  const without = await aRegistrationStage(chain(), {fund: 1n, settings: {validatorType: "0x02"}});
  await register(without.parts, once);
  expect(without.steps[0]).toEqual({step: "no top-ups", why: "the vault's rules do not name fund"});
});

it("sends nothing if the user declines", async () => {
  const it = await aStage({eth: 40});
  expect(await register({...it.parts, confirmTopUps: async () => false}, once)).toEqual({why: "declined"});
  expect(await it.toppedUp()).toEqual([]);
});

describe("a top-up that is not made", () => {
  it("because the contract refuses it registers nothing either", async () => {
    const it = await aStage({eth: 100});
    const wallet: Wallet = {
      ...it.parts.wallet,
      async estimate(call) {
        await it.stakeWise.setManager(`0x${"77".repeat(20)}`);
        return it.parts.wallet.estimate(call);
      },
    };
    await expect(register({...it.parts, wallet}, once)).rejects.toMatchObject({code: "OPERATION_REVERTED"});
    expect(it.asked).toEqual([]);
  });

  it("because the vault's assets went registers nothing either", async () => {
    const it = await aStage({eth: 100});
    const wallet: Wallet = {
      ...it.parts.wallet,
      async estimate(call) {
        await it.stakeWise.vault.send("reserve", [90n * ether]);
        return it.parts.wallet.estimate(call);
      },
    };
    // What is left after that is topped up.
    expect(await register({...it.parts, wallet}, once)).toMatchObject({why: "reverted", revert: "Panic 0x11"});
    expect(it.asked).toEqual([]);
  });

  it("because the vault accepted another signature is signed anew, with the nonce of the void one", async () => {
    const it = await aStage({eth: 20});
    await chain().anvil.rpc("evm_setAutomine", false);
    const sent = it.untilStep("sent");
    const registering = register(it.parts, once);
    await sent;
    await chain().anvil.rpc("anvil_dropAllTransactions");
    await chain().anvil.rpc("evm_setAutomine", true);
    const nonce = await it.parts.manager.readNonce(it.vault);
    const validators = `${first}${(1).toString(16).padStart(16, "0")}`;
    const bytes = new Uint8Array(Buffer.from(validators.slice(2), "hex"));
    const signature = await managerOf(networks.mainnet).sign({vault: it.vault, validatorsRegistryRoot: nonce, validators: bytes});
    await it.stakeWise.vault.send("withdrawValidators", [validators, signature], {value: 10n ** 15n});
    expect(await registering).toEqual({publicKeys: []});
    const all = it.steps.flatMap((step) => (step.step === "sent" ? [step] : []));
    expect(all).toMatchObject([{replaces: false}, {nonce: all[0]?.nonce, replaces: true}]);
    expect(await it.toppedUp()).toEqual([{publicKey: first, eth: 20}]);
  });
});

describe("on Gnosis", () => {
  const gnosis = useVaultChain(networks.gnosis);

  it("tops up to 1,800 mGNO, and registers with what is left", async () => {
    const it = await aStage({on: gnosis(), eth: 100 + 800 + 33, balances: [1000e9, 1700e9]});
    expect(await register(it.parts, once)).toEqual({publicKeys: [third]});
    expect(await it.toppedUp()).toEqual([
      {publicKey: second, eth: 100},
      {publicKey: first, eth: 800},
    ]);
    expect(await it.stakeWise.vault.read("withdrawableAssets")).toBe(0n);
  });

  it("counts an hour by blocks of five seconds", async () => {
    const it = await aStage({on: gnosis(), eth: 20, rules: {operations: tenAtOnce}, validators: 1});
    expect(await register(it.parts, once)).toMatchObject({why: "topped up lately"});
    await gnosis().anvil.rpc("anvil_mine", `0x${(719).toString(16)}`);
    expect(await register(it.parts, once)).toMatchObject({why: "topped up lately", waitS: expect.any(Number)});
    await gnosis().anvil.rpc("anvil_mine", "0x1");
    await register(it.parts, once);
    expect(await it.parts.vaultChain.readToppedUp(86_400)).toHaveLength(2);
  });
});

it("a top-up whose process ended is followed by the next one, and not made again", async () => {
  const it = await aStage({eth: 20});
  await chain().anvil.rpc("evm_setAutomine", false);
  const killed = new AbortController();
  const sent = it.untilStep("sent");
  const registering = register(it.parts, {watch: false, signal: killed.signal});
  await sent;
  killed.abort();
  await expect(registering).rejects.toThrow();
  expect(it.journal.pending.operation?.hashes).toHaveLength(1);
  await chain().anvil.rpc("evm_setAutomine", true);
  await chain().anvil.rpc("evm_mine");
  expect(await register(it.parts, once)).toMatchObject({why: "assets"});
  expect(it.steps).toContainEqual({
    step: "earlier",
    earlier: expect.objectContaining({step: "done", request: expect.objectContaining({kind: "fund"})}),
  });
  expect(await it.toppedUp()).toEqual([{publicKey: first, eth: 20}]);
  expect(it.journal.pending).toEqual({});
});
