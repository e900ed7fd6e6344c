import {afterAll, afterEach, beforeAll, beforeEach, expect, it, onTestFinished} from "vitest";
import {networks} from "../../../src/consensus/networks.js";
import {DvtError} from "../../../src/errors.js";
import {connectExecution} from "../../../src/execution/connectExecution.js";
import {transact} from "../../../src/execution/transact.js";
import type {TransactionStep} from "../../../src/execution/transactionSteps.js";
import {createWallet, type Wallet} from "../../../src/execution/wallet.js";
import {type Anvil, startAnvil} from "../../../src/sandbox/chain/anvil.js";
import {deployContract} from "../../../src/sandbox/chain/contracts.js";
import {aLogger} from "../../support/logger.js";

const network = networks.hoodi;
const gwei = 10n ** 9n;
const to = `0x${"12".repeat(20)}`;
const call = {to, data: "0x", value: 5n};
let anvil: Anvil;
let snapshot: string;

beforeAll(async () => {
  anvil = await startAnvil({chainId: network.chainId});
});
afterAll(() => anvil.stop());
beforeEach(async () => {
  snapshot = await anvil.rpc("evm_snapshot");
});
afterEach(async () => {
  // What is pending would be mined while the chain goes back.
  await anvil.rpc("anvil_dropAllTransactions");
  await anvil.rpc("evm_setAutomine", true);
  await anvil.rpc("evm_revert", snapshot);
});

const mine = () => anvil.rpc("evm_mine");
const hold = () => anvil.rpc("evm_setAutomine", false);
const received = async () => BigInt(await anvil.rpc<string>("eth_getBalance", to, "latest"));

/** A wallet with ether, and what is told of its transactions. */
async function aWallet() {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const execution = await connectExecution(anvil.url, {
    chain: network,
    signal: stop.signal,
    logger: aLogger().logger,
    laterMs: 10,
  });
  const wallet = createWallet(execution, new Uint8Array(32).fill(8), network.chainId);
  await anvil.rpc("anvil_setBalance", wallet.address, "0x8ac7230489e80000");
  const steps: TransactionStep[] = [];
  const waiting = new Map<TransactionStep["step"], () => void>();
  const tell = (step: TransactionStep) => {
    steps.push(step);
    waiting.get(step.step)?.();
  };
  const limits = {maxFeePerGas: 100n * gwei, depth: 1, stuckMs: 60_000, lookMs: 10};
  const {signal} = stop;
  return {
    wallet,
    steps,
    options: {limits, tell, signal},
    names: () => steps.map(({step}) => step),
    until: (step: TransactionStep["step"]) => new Promise<void>((resolve) => void waiting.set(step, resolve)),
  };
}

it("sends a call, and follows it until it is deep enough", async () => {
  const {wallet, options, names, until} = await aWallet();
  const included = until("included");
  const ending = transact(wallet, call, {...options, limits: {...options.limits, depth: 2}});
  await included;
  await mine();
  const ended = await ending;
  expect(ended).toMatchObject({is: "done"});
  expect(names()).toEqual(["sent", "included"]);
  expect(await received()).toBe(5n);
});

it("sends nothing that a contract refuses", async () => {
  const {wallet, options, names} = await aWallet();
  const refusing = await deployContract(anvil, "ContractManager", [to]);
  expect(await transact(wallet, {to: refusing, data: "0x12345678"}, options)).toMatchObject({is: "reverted"});
  expect(names()).toEqual([]);
});

it("sends nothing for as much as the limit", async () => {
  const {wallet, options, names} = await aWallet();
  const limits = {...options.limits, maxFeePerGas: 1n};
  expect(await transact(wallet, call, {...options, limits})).toMatchObject({is: "fees", limit: 1n});
  expect(names()).toEqual([]);
});

it("counts the value among what the wallet has to pay", async () => {
  const {wallet, options} = await aWallet();
  const {balance} = await wallet.read();
  const unsent: Wallet = {...wallet, send: () => Promise.reject(new Error("it was sent"))};
  const it = transact(unsent, {...call, value: balance - 1000n}, options);
  await expect(it).rejects.toMatchObject({code: "WALLET_EMPTY"});
});

it("pays an eighth more, until a node takes it in place of an earlier process's", async () => {
  const {wallet, options, until} = await aWallet();
  await hold();
  await leaveDear(wallet, 20n * gwei);
  const sent = until("sent");
  const ending = transact(wallet, call, options);
  await sent;
  await mine();
  expect(await ending).toMatchObject({is: "done"});
  expect(await received()).toBe(5n);
});

it("leaves an earlier process's alone that pays more than the limit", async () => {
  const {wallet, options, names} = await aWallet();
  await hold();
  await leaveDear(wallet, 100n * gwei - 1n);
  expect(await transact(wallet, call, options)).toMatchObject({is: "fees", limit: 100n * gwei, isOfReplacing: true});
  expect(names()).toEqual(["underpriced"]);
  await mine();
  expect(await received()).toBe(1n);
});

/** What another process with the same key left: pending, with the wallet's next nonce. */
async function leaveDear(wallet: Wallet, maxFeePerGas: bigint): Promise<void> {
  const {nonce} = await wallet.read();
  const fees = {maxFeePerGas, maxPriorityFeePerGas: maxFeePerGas};
  await wallet.send(await wallet.sign({to, data: "0x", value: 1n}, {...fees, gas: 30_000n, nonce}));
}

it("pays more if no block takes it, and stays as it is at the limit", async () => {
  const {wallet, options, steps, until} = await aWallet();
  await hold();
  const {maxFeePerGas} = await wallet.readFees();
  const dear = until("fees");
  const limits = {...options.limits, stuckMs: 20, maxFeePerGas: (maxFeePerGas * 13n) / 10n};
  const ending = transact(wallet, call, {...options, limits});
  await dear;
  await mine();
  expect(await ending).toMatchObject({is: "done"});
  const nonces = steps.flatMap((step) => (step.step === "sent" ? [step.nonce] : []));
  expect(nonces.length).toBeGreaterThan(1);
  expect(new Set(nonces).size).toBe(1);
  expect(await received()).toBe(5n);
});

it("says what makes it void, and the next one takes its nonce", async () => {
  const {wallet, options, steps} = await aWallet();
  await hold();
  let looks = 0;
  const findVoid = async () => (++looks > 2 ? ("moved" as const) : undefined);
  const ended = await transact(wallet, call, {...options, findVoid});
  if (ended.is !== "void") throw new Error(ended.is);
  expect(ended.why).toBe("moved");
  const next = transact(wallet, {...call, value: 7n}, {...options, replaces: ended.sent});
  await until(steps, 2);
  await mine();
  expect(await next).toMatchObject({is: "done"});
  expect(await received()).toBe(7n);
});

it("does not take for void what was included meanwhile", async () => {
  const {wallet, options, names} = await aWallet();
  await hold();
  const findVoid = async () => {
    await mine();
    return "moved" as const;
  };
  expect(await transact(wallet, call, {...options, findVoid})).toMatchObject({is: "done"});
  expect(names()).toEqual(["sent", "included"]);
});

it("says that the wallet sent something else with its nonce", async () => {
  const {wallet, options, until, names} = await aWallet();
  await hold();
  const sent = until("sent");
  const ending = transact(wallet, call, options);
  await sent;
  await leaveDear(wallet, 90n * gwei);
  await mine();
  expect(await ending).toEqual({is: "nonce taken"});
  expect(names()).toEqual(["sent", "nonce taken"]);
});

it("says that it did nothing, if it reverts in the chain", async () => {
  const {wallet, options, names} = await aWallet();
  const refusing = await deployContract(anvil, "ContractManager", [to]);
  const blind: Wallet = {...wallet, estimate: async () => ({gas: 100_000n})};
  expect(await transact(blind, {to: refusing, data: "0x12345678"}, options)).toMatchObject({is: "failed"});
  expect(names()).toEqual(["sent", "failed"]);
});

it("follows it while no node answers, or takes one that pays more, and says so once", async () => {
  const {wallet, options, names, until} = await aWallet();
  await hold();
  let looks = 0;
  const offered: bigint[] = [];
  const shaky: Wallet = {
    ...wallet,
    async find(sent) {
      if (++looks < 4) throw new DvtError("EXECUTION_UNAVAILABLE", "ask execution endpoint here: it does not answer in time");
      return wallet.find(sent);
    },
    async send(tx) {
      offered.push(tx.maxFeePerGas);
      if (offered.length > 1) throw new DvtError("TRANSACTION_REFUSED", "send a transaction: the execution node refuses it");
      return wallet.send(tx);
    },
  };
  const told = until("unavailable");
  const ending = transact(shaky, call, {...options, limits: {...options.limits, stuckMs: 30}});
  await told;
  for (let refusals = 0; refusals < 3; refusals++) await until("unavailable");
  await mine();
  expect(await ending).toMatchObject({is: "done"});
  expect(names().slice(0, 3)).toEqual(["sent", "unavailable", "unavailable"]);
  // What nobody has does not make the next one dearer.
  expect(offered[2]).toBe(offered[1]);
});

/** Resolves once so many were sent. */
async function until(steps: readonly TransactionStep[], count: number): Promise<void> {
  while (steps.filter(({step}) => step === "sent").length < count) await new Promise((resolve) => setTimeout(resolve, 5));
}
