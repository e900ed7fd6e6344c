import type {Hex} from "viem";
import {describe, expect, it} from "vitest";
import {networks} from "../../../src/consensus/networks.js";
import {DvtError} from "../../../src/errors.js";
import {connectExecution} from "../../../src/execution/connectExecution.js";
import {createWallet, type Wallet} from "../../../src/execution/wallet.js";
import {register} from "../../../src/registration/register.js";
import {abiOf} from "../../../src/sandbox/chain/contracts.js";
import {bindContract} from "../../../src/sandbox/chain/stakeWise.js";
import {answers, startTestGateway} from "../../support/ipfsGateway.js";
import {aLogger} from "../../support/logger.js";
import {walletKey} from "../../support/openRegistrationParts.js";
import {aRegistrationStage, ether, type RegistrationStage, useVaultChain} from "../../support/registrationStage.js";

const {signal} = new AbortController();
const once = {watch: false, signal};
const chain = useVaultChain();

const stage = (options: Parameters<typeof aRegistrationStage>[1] = {}) =>
  aRegistrationStage(chain(), {...options, settings: {validatorType: "0x01", ...options.settings}});
const names = ({steps}: RegistrationStage) => steps.map(({step}) => step);
const registeredOf = async ({parts}: RegistrationStage) =>
  (await parts.vaultChain.readRegistered(3600)).map(({publicKey}) => publicKey);

it("registers as many validators as the vault's assets suffice for", async () => {
  const it = await stage();
  const {parts, stakeWise} = it;
  expect(await register(parts, once)).toEqual({publicKeys: parts.candidates().slice(0, 2)});
  expect(names(it)).toEqual(["planned", "exits ready", "root read", "approved", "sent", "included", "registered"]);
  expect(await registeredOf(it)).toEqual(parts.candidates().slice(0, 2));
  expect(await stakeWise.vault.read("withdrawableAssets")).toBe(0n);
  expect(it.journal.pending).toEqual({});
});

it("registers full compounding validators first, and then what is left", async () => {
  const it = await stage({fund: 2000n * ether, settings: {validatorType: "0x02"}});
  await register(it.parts, once);
  expect(await it.parts.vaultChain.readRegistered(3600)).toEqual([
    {publicKey: it.parts.candidates()[0], gwei: 1_945_000_000_000},
    {publicKey: it.parts.candidates()[1], gwei: 55_000_000_000},
  ]);
});

it("goes on with the next keys, and says when none are left", async () => {
  const it = await stage({fund: 32n * ether, validators: 2});
  await register(it.parts, once);
  await it.stakeWise.fund(64n * ether);
  await register(it.parts, once);
  expect(await registeredOf(it)).toEqual(it.parts.candidates());
  expect(await register(it.parts, once)).toEqual({why: "no keys left", allowed: 2, refused: 0});
});

it("takes other keys in place of those that sidecars refuse", async () => {
  const it = await stage({fund: 64n * ether});
  const [first, ...others] = it.parts.candidates();
  it.refuses.add(first as string);
  await register(it.parts, once);
  expect((await registeredOf(it)).sort()).toEqual(others.sort());
  const told = it.steps.find(({step}) => step === "obstacle");
  expect(told).toMatchObject({obstacle: {why: "exits", rejected: [{exit: {publicKey: first}, code: "DEPOSIT_REFUSED"}]}});
});

it("says that none are left because sidecars refused them, or because the rules allow none", async () => {
  const it = await stage({fund: 64n * ether, validators: 2});
  for (const key of it.parts.candidates()) it.refuses.add(key);
  expect(await register(it.parts, once)).toEqual({why: "no keys left", allowed: 2, refused: 2});
  const nobodys = {...it.parts, candidates: () => []};
  expect(await register(nobodys, once)).toEqual({why: "no keys left", allowed: 0, refused: 0});
});

it("registers nothing if the vault's assets do not suffice", async () => {
  const it = await stage({fund: 31n * ether});
  expect(await register(it.parts, once)).toEqual({why: "assets", stakeableGwei: 31_000_000_000});
  expect(it.asked).toEqual([]);
});

it("asks the user before sidecars bind keys to a vault and a type, and of whoever declines nothing is asked for", async () => {
  const it = await stage();
  const shown: (readonly string[])[] = [];
  const confirm: typeof it.parts.confirm = async (validators) => {
    shown.push(validators.map(({publicKey}) => publicKey));
    return false;
  };
  expect(await register({...it.parts, confirm}, once)).toEqual({why: "declined"});
  expect(shown).toEqual([it.parts.candidates().slice(0, 2)]);
  expect(it.asked).toEqual([]);
});

describe("somebody else deposits", () => {
  it("before the root is read: starts at the index that is next then", async () => {
    const it = await stage();
    await it.depositElsewhere();
    await register(it.parts, once);
    expect(it.asked.slice(0, 2).map(({index}) => index)).toEqual([1, 2]);
    expect(await registeredOf(it)).toHaveLength(2);
  });

  it("while the exits are signed: the exits of the indexes that come next are there already", async () => {
    const it = await stage();
    let isFirst = true;
    const readDepositRoot = async () => {
      if (isFirst) await it.depositElsewhere();
      isFirst = false;
      return it.parts.vaultChain.readDepositRoot();
    };
    await register({...it.parts, vaultChain: {...it.parts.vaultChain, readDepositRoot}}, once);
    expect(names(it).filter((step) => step === "moved")).toHaveLength(1);
    // The first key comes last: the other one keeps its exit.
    expect(await registeredOf(it)).toEqual([it.parts.candidates()[1], it.parts.candidates()[0]]);
  });

  it("while the oracles are asked: does not wait for them, and starts over", async () => {
    const it = await stage();
    for (const oracle of it.oracles.all) oracle.behave({hangs: true});
    const registering = register(it.parts, once);
    await it.oracles.untilAsked(4);
    for (const oracle of it.oracles.all) oracle.behave({});
    await it.depositElsewhere();
    await registering;
    expect(names(it)).toContain("moved");
    expect(await registeredOf(it)).toHaveLength(2);
  });

  it("for a key that has an index: only the root moves, and no exit is asked for again", async () => {
    const it = await stage();
    await it.depositElsewhere();
    let isFirst = true;
    const confirm = async () => true;
    const write = async (pending: typeof it.journal.pending) => {
      if (isFirst) await it.depositElsewhere("top-up");
      isFirst = false;
      it.journal.pending = pending;
    };
    await register({...it.parts, confirm, journal: {read: async () => ({}), write}}, once);
    expect(await registeredOf(it)).toHaveLength(2);
    expect(it.asked.filter(({index}) => index <= 2)).toHaveLength(2);
  });

  it("after the transaction was sent: it fails or is replaced, and the next one registers", async () => {
    const it = await stage();
    await chain().anvil.rpc("evm_setAutomine", false);
    const sent = it.untilStep("sent");
    const registering = register(it.parts, once);
    await sent;
    const moved = it.untilStep("moved");
    // Into the next block, without ours.
    const [hash] = it.journal.pending.registration?.hashes ?? [];
    await chain().anvil.rpc("anvil_dropTransaction", hash);
    await chain().anvil.rpc("evm_setAutomine", true);
    await it.depositElsewhere();
    await moved;
    await registering;
    expect(await registeredOf(it)).toHaveLength(2);
    const nonces = it.steps.flatMap((step) => (step.step === "sent" ? [step.nonce] : []));
    expect(new Set(nonces).size).toBe(1);
  });
});

describe("oracles", () => {
  it("of which enough sign suffice, whatever the others do", async () => {
    const it = await stage();
    it.oracles.all[1]?.behave({hangs: true});
    await register(it.parts, once);
    expect(await registeredOf(it)).toHaveLength(2);
  });

  it.each<{what: string; behaviour: Parameters<RegistrationStage["oracles"]["all"][number]["behave"]>[0]; says: RegExp}>([
    {what: "refuse", behaviour: {refuses: "unknown validator"}, says: /unknown validator/},
    {what: "lie", behaviour: {lies: true}, says: /lies/},
    {what: "store other shards", behaviour: {ipfsHash: "QmOther"}, says: /QmOther/},
  ])("that $what are named, and asked again", async ({behaviour, says}) => {
    const {describeLack} = await import("../../../src/approvals/describeLack.js");
    const it = await stage();
    for (const oracle of it.oracles.all.slice(0, 2)) oracle.behave(behaviour);
    const obstacle = it.untilStep("obstacle");
    const registering = register(it.parts, once);
    await obstacle;
    for (const oracle of it.oracles.all) oracle.behave({});
    await registering;
    const told = it.steps.find((step) => step.step === "obstacle");
    const lacking = told?.step === "obstacle" && told.obstacle.why === "oracles" ? told.obstacle.lacking : undefined;
    expect(lacking && describeLack(lacking)).toMatch(says);
    expect(await registeredOf(it)).toHaveLength(2);
  });

  it("that the Keeper drops meanwhile: the approval is asked for again", async () => {
    const it = await stage();
    let isFirst = true;
    const wallet: typeof it.parts.wallet = {
      ...it.parts.wallet,
      async estimate(call) {
        // Between the approval and the transaction.
        if (isFirst) await it.stakeWise.keeper.send("removeOracle", [it.oracles.all[0]?.address]);
        if (isFirst) it.oracles.all[0]?.behave({refuses: "I am no oracle any more"});
        isFirst = false;
        return it.parts.wallet.estimate(call);
      },
    };
    await register({...it.parts, wallet}, once);
    expect(await registeredOf(it)).toHaveLength(2);
  });
});

/** From here on nothing is mined, and the process ends once it has sent its transaction. */
async function sendAndStop({parts, untilStep}: RegistrationStage): Promise<void> {
  await chain().anvil.rpc("evm_setAutomine", false);
  const stop = new AbortController();
  const sent = untilStep("sent");
  const ended = register(parts, {watch: false, signal: stop.signal}).catch(() => "stopped");
  await sent;
  stop.abort();
  expect(await ended).toBe("stopped");
}

/** The wallet of a node that refuses transactions, once it has taken some. */
function refusing(wallet: Wallet, {after = 0} = {}): Wallet {
  let taken = 0;
  const refused = new DvtError("TRANSACTION_REFUSED", "send a transaction: the execution node refuses it");
  return {...wallet, send: (tx) => (taken++ < after ? wallet.send(tx) : Promise.reject(refused))};
}

describe("the transaction", () => {
  it("is followed by a process that starts later, and not sent a second time", async () => {
    const it = await stage();
    await sendAndStop(it);
    const other = await it.another();
    const following = register(other, once);
    await chain().anvil.rpc("evm_mine");
    expect(await following).toEqual({publicKeys: it.parts.candidates().slice(0, 2)});
    const hash = it.steps.flatMap((step) => (step.step === "sent" ? [step.hash] : []))[0];
    expect(it.steps.slice(-3)).toMatchObject([{step: "following", hash}, {step: "included"}, {step: "registered"}]);
    expect(names(it).filter((step) => step === "sent")).toHaveLength(1);
    expect(await registeredOf(it)).toHaveLength(2);
  });

  it("is followed if the node that takes it falls silent", async () => {
    const it = await stage();
    const wallet: typeof it.parts.wallet = {
      ...it.parts.wallet,
      async send(tx) {
        await it.parts.wallet.send(tx);
        throw new DvtError("EXECUTION_UNAVAILABLE", "it was silent");
      },
    };
    expect(await register({...it.parts, wallet}, once)).toEqual({publicKeys: it.parts.candidates().slice(0, 2)});
    expect(it.journal.pending).toEqual({});
  });

  it("that an earlier process left and no node has any more gives its nonce to a new one", async () => {
    const it = await stage();
    await sendAndStop(it);
    await chain().anvil.rpc("anvil_dropTransaction", it.journal.pending.registration?.hashes[0]);
    await chain().anvil.rpc("evm_setAutomine", true);
    await register(await it.another({stuckMs: 100}), once);
    const nonces = it.steps.flatMap((step) => (step.step === "sent" ? [step.nonce] : []));
    expect(nonces).toEqual([nonces[0], nonces[0]]);
    expect(await registeredOf(it)).toHaveLength(2);
  });

  it("that a node refuses is not followed", async () => {
    const it = await stage();
    const wallet = refusing(it.parts.wallet);
    await expect(register({...it.parts, wallet}, once)).rejects.toMatchObject({code: "TRANSACTION_REFUSED"});
    expect(it.journal.pending).toEqual({});
  });

  it("that a node refuses leaves the one that it was to replace", async () => {
    const it = await stage();
    await sendAndStop(it);
    const left = it.journal.pending;
    await chain().anvil.rpc("anvil_dropTransaction", left.registration?.hashes[0]);
    const other = await it.another({stuckMs: 100});
    await expect(register({...other, wallet: refusing(other.wallet)}, once)).rejects.toMatchObject({code: "TRANSACTION_REFUSED"});
    expect(it.journal.pending).toEqual(left);
  });

  it("that pays more and is refused stays in the journal beside the one that nodes have", async () => {
    const it = await stage({settings: {stuckMs: 100}});
    await chain().anvil.rpc("evm_setAutomine", false);
    const written: (typeof it.journal.pending.registration)[] = [];
    const journal: typeof it.parts.journal = {
      ...it.parts.journal,
      write: async ({registration}) => void written.push(registration),
    };
    const wallet = refusing(it.parts.wallet, {after: 1});
    await expect(register({...it.parts, wallet, journal}, once)).rejects.toMatchObject({code: "TRANSACTION_REFUSED"});
    expect(written.map((pending) => pending?.hashes.length)).toEqual([1, 2]);
    expect(written[1]?.hashes[0]).toBe(written[0]?.hashes[0]);
    expect(written[1]?.fees.maxFeePerGas).toBeGreaterThan(written[0]?.fees.maxFeePerGas as bigint);
  });

  it("pays more if no block takes it", async () => {
    const it = await stage({settings: {stuckMs: 100}});
    await chain().anvil.rpc("evm_setAutomine", false);
    const sent = it.untilStep("sent");
    const registering = register(it.parts, once);
    await sent;
    await it.untilStep("sent");
    await chain().anvil.rpc("evm_mine");
    await registering;
    const hashes = it.steps.flatMap((step) => (step.step === "sent" ? [step.hash] : []));
    expect(hashes.length).toBeGreaterThan(1);
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(await registeredOf(it)).toHaveLength(2);
  });

  it("gives way to another one with its nonce, and another one is sent", async () => {
    const it = await stage();
    await chain().anvil.rpc("evm_setAutomine", false);
    const sent = it.untilStep("sent");
    const registering = register(it.parts, once);
    await sent;
    const execution = await connectExecution(chain().anvil.url, {chain: networks.mainnet, signal, logger: aLogger().logger});
    const same = createWallet(execution, walletKey, networks.mainnet.chainId);
    const nonce = it.journal.pending.registration?.nonce as number;
    const fees = {maxFeePerGas: 9n * 10n ** 10n, maxPriorityFeePerGas: 8n * 10n ** 10n};
    await same.send(await same.sign({to: `0x${"12".repeat(20)}`, data: "0x"}, {...fees, gas: 21_000n, nonce}));
    const taken = it.untilStep("nonce taken");
    await chain().anvil.rpc("evm_setAutomine", true);
    await chain().anvil.rpc("evm_mine");
    await taken;
    await registering;
    expect(await registeredOf(it)).toHaveLength(2);
  });

  it("is found again after a reorganisation of the chain", async () => {
    const it = await stage({settings: {depth: 2, stuckMs: 100}});
    const before = await chain().anvil.rpc<string>("evm_snapshot");
    const included = it.untilStep("included");
    const registering = register(it.parts, once);
    await included;
    const gone = it.untilStep("reorganised");
    await chain().anvil.rpc("evm_revert", before);
    await gone;
    await it.untilStep("included");
    await chain().anvil.rpc("evm_mine");
    await registering;
    expect(await registeredOf(it)).toHaveLength(2);
  });

  it("is followed by whoever stays, also while the execution node does not answer", async () => {
    const it = await stage({fund: 32n * ether, settings: {idleMs: 50}});
    let failures = 0;
    const wallet: typeof it.parts.wallet = {
      ...it.parts.wallet,
      async find(sent) {
        if (++failures > 2) return it.parts.wallet.find(sent);
        throw new DvtError("EXECUTION_UNAVAILABLE", "ask execution endpoint here: it does not answer in time");
      },
    };
    const stop = new AbortController();
    const registered = it.untilStep("registered");
    const watching = register({...it.parts, wallet}, {watch: true, signal: stop.signal});
    await registered;
    stop.abort();
    await expect(watching).rejects.toThrow();
    expect(await registeredOf(it)).toHaveLength(1);
  });

  it("is not sent where gas costs too much", async () => {
    const it = await stage({settings: {maxFeePerGas: 1n}});
    expect(await register(it.parts, once)).toMatchObject({why: "fees", limit: 1n});
    expect(it.asked).toEqual([]);
  });

  it("is sent by a wallet with little in it, with a warning", async () => {
    const it = await stage();
    await chain().anvil.rpc("anvil_setBalance", it.parts.wallet.address, `0x${(ether / 50n).toString(16)}`);
    await register(it.parts, once);
    expect(it.steps[0]).toEqual({step: "wallet low", address: it.parts.wallet.address, balance: ether / 50n});
    expect(await registeredOf(it)).toHaveLength(2);
  });

  it("is not sent by a wallet that cannot pay, which is named", async () => {
    const it = await stage();
    await chain().anvil.rpc("anvil_setBalance", it.parts.wallet.address, "0x1");
    await expect(register(it.parts, once)).rejects.toMatchObject({code: "WALLET_EMPTY"});
  });

  it("is not sent if the vault's manager has changed, and says what to do", async () => {
    const it = await stage();
    const wallet: typeof it.parts.wallet = {
      ...it.parts.wallet,
      async estimate(call) {
        await it.stakeWise.setManager(`0x${"77".repeat(20)}`);
        return it.parts.wallet.estimate(call);
      },
    };
    await expect(register({...it.parts, wallet}, once)).rejects.toThrow(
      /AccessDenied: the vault's validators manager has changed/,
    );
    await expect(register(it.parts, once)).rejects.toThrow("setValidatorsManager");
  });
});

it("takes the Keeper's rewards in the same transaction", async () => {
  const first = await stage({fund: 32n * ether});
  await register(first.parts, once);
  const vault = first.stakeWise.vault.address;
  const cid = "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG";
  await first.stakeWise.fund(2n, first.stakeWise.mevEscrow);
  const harvest = await first.stakeWise.updateRewards({reward: 7n, unlockedMevReward: 2n, ipfsHash: cid});
  const entry = {vault, consensus_reward: 4, unlocked_mev_reward: 2, locked_mev_reward: 1, proof: harvest.proof};
  const gateway = await startTestGateway(answers.send(JSON.stringify({vaults: [entry]})));
  const it = await stage({fund: 32n * ether, gateways: [new URL(gateway.url)]});
  await register(it.parts, once);
  expect(it.steps.find(({step}) => step === "planned")).toMatchObject({plan: {harvest: {reward: 7n, unlockedMevReward: 2n}}});
  expect(await registeredOf(it)).toHaveLength(2);
});

it("registers no more within a day than the rules allow", async () => {
  const it = await stage({fund: 96n * ether, rules: {perDay: {validators: 2, gwei: 40_000_000_000}}});
  await register(it.parts, once);
  expect(await registeredOf(it)).toHaveLength(1);
  expect(await register(it.parts, once)).toEqual({why: "daily limit"});
});

describe("on Gnosis", () => {
  const gnosis = useVaultChain(networks.gnosis);

  it("registers full validators of 1,800 mGNO first, and then what is left, with GNO that the deposit contract fetches", async () => {
    const it = await aRegistrationStage(gnosis(), {fund: 1855n * ether});
    await register(it.parts, once);
    const [first, second] = it.parts.candidates();
    expect(await it.parts.vaultChain.readRegistered(3600)).toEqual([
      {publicKey: first, gwei: 1_800_000_000_000},
      {publicKey: second, gwei: 55_000_000_000},
    ]);
    expect(await it.oracles.rules.firstDeposits()).toMatchObject([{amount: 1_800_000_000_000n}, {amount: 55_000_000_000n}]);
    expect(await it.stakeWise.vault.read("withdrawableAssets")).toBe(0n);
  });

  it("stakes what waits for the vault in the deposit contract, and an odd wei of GNO stays", async () => {
    const it = await aRegistrationStage(gnosis(), {fund: 0n, settings: {validatorType: "0x01"}});
    await it.stakeWise.depositContract.send("setWithdrawable", [it.stakeWise.vault.address, ether + 31n]);
    expect(await register(it.parts, once)).toEqual({publicKeys: it.parts.candidates().slice(0, 1)});
    expect(await it.stakeWise.vault.read("withdrawableAssets")).toBe(31n);
  });

  it("registers nothing if the vault's GNO went meanwhile, which may pass", async () => {
    const it = await aRegistrationStage(gnosis(), {fund: 32n * ether, settings: {validatorType: "0x01", patienceMs: 0}});
    const {vault, depositContract} = it.stakeWise;
    const wallet: Wallet = {
      ...it.parts.wallet,
      async estimate(call) {
        const address = await depositContract.read<Hex>("stake_token");
        await it.stakeWise.impersonate(vault.address);
        const gno = bindContract(gnosis().anvil, {abi: abiOf("GnoToken"), address, account: vault.address});
        await gno.send("transfer", [address, ether], {from: vault.address});
        return it.parts.wallet.estimate(call);
      },
    };
    expect(await register({...it.parts, wallet}, once)).toEqual({why: "reverted", revert: "FailedCall"});
    expect(await registeredOf(it)).toEqual([]);
  });

  it("takes the Keeper's rewards, of which the consensus layer's alone count", async () => {
    const vault = gnosis().stakeWise.vault.address;
    const cid = "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG";
    const before = await aRegistrationStage(gnosis(), {fund: 32n * ether, settings: {validatorType: "0x01"}});
    await register(before.parts, once);
    const {proof} = await before.stakeWise.updateRewards({reward: 4n, ipfsHash: cid});
    const entry = {vault, consensus_reward: 4, unlocked_mev_reward: 0, locked_mev_reward: 3, proof};
    const gateway = await startTestGateway(answers.send(JSON.stringify({vaults: [entry]})));
    const it = await aRegistrationStage(gnosis(), {
      fund: 32n * ether,
      settings: {validatorType: "0x01"},
      gateways: [new URL(gateway.url)],
    });
    await register(it.parts, once);
    expect(it.steps.find(({step}) => step === "planned")).toMatchObject({plan: {harvest: {reward: 4n}}});
    expect(await registeredOf(it)).toHaveLength(2);
  });
});
