import {describe, expect, it} from "vitest";
import type {SignedTransaction, Wallet} from "../../../src/execution/wallet.js";
import {type OperationParts, operate} from "../../../src/registration/operations/operate.js";
import type {Operation} from "../../../src/registration/operations/operation.js";
import {register} from "../../../src/registration/register.js";
import type {EarlierStep} from "../../../src/registration/settleOperation.js";
import {anOperationStage, first, type OperationStageOptions, part, second} from "../../support/operationStage.js";
import {ether, useVaultChain} from "../../support/registrationStage.js";

const {signal} = new AbortController();
const chain = useVaultChain();
const mine = () => chain().anvil.rpc("evm_mine");
const automine = (isOn: boolean) => chain().anvil.rpc("evm_setAutomine", isOn);

type Stage = Awaited<ReturnType<typeof anOperationStage>>;
const aStage = (options: OperationStageOptions = {}): Promise<Stage> => anOperationStage(chain(), options);
const quick = (parts: OperationParts, stuckMs = 100): OperationParts => ({...parts, settings: {...parts.settings, stuckMs}});
const unasked = (parts: OperationParts): OperationParts => ({
  ...parts,
  confirm: () => Promise.reject(new Error("there is nothing to agree to")),
});

/** A process that ends at a step; what it does from then on reaches nobody. */
async function killAt(
  it: Stage,
  operation: Operation,
  at: "before sending" | "sent" | "included",
  change: Partial<OperationParts> = {},
) {
  const killed = new AbortController();
  const parts = {...it.parts, ...change};
  const never = () => new Promise<never>(() => {});
  let reached = () => {};
  const done = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const wallet: Wallet = {
    ...parts.wallet,
    ...(at === "before sending" && {
      send() {
        reached();
        return never();
      },
    }),
  };
  const journal = {
    ...parts.journal,
    write: (pending: Parameters<typeof parts.journal.write>[0]) => {
      if (pending.operation) return parts.journal.write(pending);
      // What it did is in the chain, and the journal does not know.
      reached();
      return never();
    },
  };
  const tell: typeof parts.tell = (step) => {
    parts.tell(step);
    if (step.step !== at || at !== "sent") return;
    killed.abort();
    reached();
  };
  const killing = operate({...parts, wallet, journal, tell}, operation, killed.signal).catch(() => {});
  await done;
  killed.abort();
  if (at === "sent") await killing;
  it.steps.length = 0;
}

/** The wallet, and what it has signed. */
function remembering(wallet: Wallet): {wallet: Wallet; signed: SignedTransaction[]} {
  const signed: SignedTransaction[] = [];
  const sign: Wallet["sign"] = async (call, tx) => {
    const one = await wallet.sign(call, tx);
    signed.push(one);
    return one;
  };
  return {wallet: {...wallet, sign}, signed};
}

const earlier = (it: Stage): EarlierStep["step"][] =>
  it.steps.flatMap((step) => (step.step === "earlier" ? [step.earlier.step] : []));
const hashesOf = (it: Stage): readonly string[] => it.journal.pending.operation?.hashes ?? [];

describe("a withdrawal whose process ended", () => {
  it("before a node had it is sent by the next one, with its nonce", async () => {
    const it = await aStage();
    await killAt(it, it.withdrawal(part(first)), "before sending");
    const {nonce} = it.journal.pending.operation ?? {};
    expect(await operate(quick(it.parts), it.withdrawal(part(first)), signal)).toHaveProperty("hash");
    expect(it.steps.find(({step}) => step === "sent")).toMatchObject({nonce, replaces: true});
    expect(earlier(it)).toEqual(["following", "stuck"]);
    expect(await it.events()).toHaveLength(1);
    expect(it.journal.pending).toEqual({});
  });

  it("after it was sent is followed by the next one, which sends nothing", async () => {
    const it = await aStage();
    await automine(false);
    await killAt(it, it.withdrawal(part(first), part(second)), "sent");
    const [hash] = hashesOf(it);
    const operating = operate(unasked(it.parts), it.withdrawal(part(second), part(first)), signal);
    await mine();
    expect(await operating).toEqual({hash});
    expect(it.steps.at(-1)).toEqual({step: "done", hash});
    expect(earlier(it)).toEqual(["following", "included", "done"]);
    expect(await it.events()).toHaveLength(2);
  });

  it("after it was in a block is found by the next one; whoever asks again after that withdraws again", async () => {
    const it = await aStage();
    await killAt(it, it.withdrawal(part(first)), "included");
    const [hash] = hashesOf(it);
    expect(await operate(unasked(it.parts), it.withdrawal(part(first)), signal)).toEqual({hash});
    expect(it.journal.pending).toEqual({});
    expect(await it.events()).toHaveLength(1);
    expect(await operate(it.parts, it.withdrawal(part(first)), signal)).toHaveProperty("hash");
    expect(await it.events()).toHaveLength(2);
  });

  it("after it was in a block that a reorganisation takes away is sent again", async () => {
    const it = await aStage();
    const before = await chain().anvil.rpc<string>("evm_snapshot");
    const deep = {...it.parts, settings: {...it.parts.settings, depth: 2, stuckMs: 100}};
    await killAt(it, it.withdrawal(part(first)), "included", {settings: {...deep.settings, depth: 1}});
    const found = new Promise<void>((resolve) => {
      const {tell} = deep;
      deep.tell = (step) => {
        tell(step);
        if (step.step === "earlier" && step.earlier.step === "included") resolve();
      };
    });
    const operating = operate(deep, it.withdrawal(part(first)), signal);
    await found;
    const included = it.until("included");
    await chain().anvil.rpc("evm_revert", before);
    await included;
    await mine();
    expect(await operating).toHaveProperty("hash");
    expect(earlier(it)).toEqual(["following", "included", "reorganised", "stuck"]);
    expect(await it.events()).toHaveLength(1);
  });

  it("after it paid more is found by whichever hash a block took", async () => {
    const it = await aStage();
    await automine(false);
    const {wallet, signed} = remembering(it.parts.wallet);
    const killed = new AbortController();
    const sent = it.until("sent");
    const operating = operate({...quick(it.parts), wallet}, it.withdrawal(part(first)), killed.signal);
    await sent;
    await it.until("sent");
    killed.abort();
    await expect(operating).rejects.toThrow();
    const [oldest, ...raised] = signed;
    expect(hashesOf(it)).toEqual(signed.map(({hash}) => hash));
    expect(raised.length).toBeGreaterThan(0);
    await chain().anvil.rpc("anvil_dropAllTransactions");
    await it.parts.wallet.send(oldest as SignedTransaction);
    await mine();
    expect(await operate(unasked(it.parts), it.withdrawal(part(first)), signal)).toEqual({hash: oldest?.hash});
    expect(await it.events()).toHaveLength(1);
  });

  it("after its transaction failed is done by the next one", async () => {
    const it = await aStage();
    await automine(false);
    await killAt(it, it.withdrawal(part(first)), "sent");
    const {wallet} = it.parts;
    const {hashes, fees, nonce, managerNonce} = it.journal.pending.operation as NonNullable<typeof it.journal.pending.operation>;
    await chain().anvil.rpc("anvil_dropAllTransactions");
    // The vault does not take this signature.
    const call = it.withdrawal(part(first)).toCall({managerSignature: `0x${"11".repeat(65)}`, oracleSignatures: "0x", value: 0n});
    const failing = await wallet.sign(call, {...fees, gas: 300_000n, nonce});
    await wallet.send(failing);
    it.journal.pending = {
      operation: {wallet: wallet.address.toLowerCase(), nonce, fees, managerNonce, hashes: [...hashes, failing.hash]},
    };
    await automine(true);
    await mine();
    expect(await operate(it.parts, it.withdrawal(part(first)), signal)).toHaveProperty("hash");
    expect(earlier(it)).toEqual(["following", "failed"]);
    expect(await it.events()).toHaveLength(1);
  });

  it("and that can do nothing any more gives its nonce to the next one", async () => {
    const it = await aStage();
    await killAt(it, it.withdrawal(part(first)), "before sending");
    const {nonce} = it.journal.pending.operation ?? {};
    await it.moveNonce();
    expect(await operate(it.parts, it.withdrawal(part(first)), signal)).toHaveProperty("hash");
    expect(earlier(it)).toEqual(["following", "void"]);
    expect(it.steps.find(({step}) => step === "sent")).toMatchObject({nonce, replaces: true});
  });

  it("after it paid more so often that its first hashes are forgotten is not done again unasked", async () => {
    const it = await aStage();
    await killAt(it, it.withdrawal(part(first)), "before sending");
    const {operation} = it.journal.pending as {operation: NonNullable<typeof it.journal.pending.operation>};
    const hashes = Array.from({length: 16}, (_, tries) => `0x${tries.toString(16).padStart(64, "0")}`);
    it.journal.pending = {operation: {...operation, hashes}};
    await it.moveNonce();
    expect(await operate(it.parts, it.withdrawal(part(first)), signal)).toEqual({why: "nonce taken"});
    expect(earlier(it)).toEqual(["following", "unknown"]);
    expect(it.journal.pending).toEqual({});
  });

  it("that a block takes while the next one is planned is not done again", async () => {
    const it = await aStage();
    await automine(false);
    await killAt(it, it.withdrawal(part(first)), "sent");
    const [hash] = hashesOf(it);
    const readRequestFee: typeof it.parts.chain.readRequestFee = async (kind) => {
      const fee = await it.parts.chain.readRequestFee(kind);
      await mine();
      return fee;
    };
    const wallet = await it.anotherWallet();
    const operating = operate({...quick(it.parts), wallet, chain: {readRequestFee}}, it.withdrawal(part(first)), signal);
    expect(await operating).toEqual({hash});
    expect(earlier(it)).toEqual(["following", "stuck", "done"]);
    expect(await it.events()).toHaveLength(1);
  });

  it("is told, and does not stand for another one", async () => {
    const it = await aStage();
    await automine(false);
    await killAt(it, it.withdrawal(part(first)), "sent");
    await automine(true);
    await mine();
    expect(await operate(it.parts, it.withdrawal(part(first, 2e9)), signal)).toHaveProperty("hash");
    expect(it.steps).toContainEqual({
      step: "earlier",
      earlier: expect.objectContaining({step: "done", request: expect.objectContaining({kind: "withdraw"})}),
    });
    expect(await it.events()).toMatchObject([{args: {amount: ether}}, {args: {amount: 2n * ether}}]);
  });

  it("is not taken for done by a transaction of another kind, whatever the journal says", async () => {
    const it = await aStage();
    const {wallet} = it.parts;
    const {nonce} = await wallet.read();
    const fees = {maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 1n};
    const other = await wallet.sign({to: `0x${"12".repeat(20)}`, data: "0x"}, {...fees, gas: 21_000n, nonce});
    await wallet.send(other);
    await mine();
    const managerNonce = await it.parts.manager.readNonce(it.parts.vaultChain.vault);
    it.journal.pending = {operation: {wallet: wallet.address.toLowerCase(), nonce, fees, managerNonce, hashes: [other.hash]}};
    expect(await operate(it.parts, it.withdrawal(part(first)), signal)).toHaveProperty("hash");
    expect(await it.events()).toHaveLength(1);
  });
});

describe("a withdrawal that another wallet sent", () => {
  it("is found in the chain", async () => {
    const it = await aStage();
    await automine(false);
    await killAt(it, it.withdrawal(part(first)), "sent");
    const [hash] = hashesOf(it);
    const wallet = await it.anotherWallet();
    const operating = operate(unasked({...it.parts, wallet}), it.withdrawal(part(first)), signal);
    await mine();
    expect(await operating).toEqual({hash});
    expect(await it.events()).toHaveLength(1);
  });

  it("and no block takes is not accepted beside this one's", async () => {
    const it = await aStage();
    await automine(false);
    await killAt(it, it.withdrawal(part(first)), "sent");
    const [theirs] = hashesOf(it);
    const wallet = await it.anotherWallet();
    const sent = it.until("sent");
    const operating = operate(quick({...it.parts, wallet}), it.withdrawal(part(first)), signal);
    await sent;
    expect(hashesOf(it)).toEqual([theirs, expect.stringMatching(/^0x/)]);
    await mine();
    await automine(true);
    expect(await operating).toHaveProperty("hash");
    expect(earlier(it).slice(0, 2)).toEqual(["following", "stuck"]);
    expect(await it.events()).toHaveLength(1);
  });

  it("and whose nonce that wallet gave to something else is not waited for", async () => {
    const it = await aStage();
    await killAt(it, it.withdrawal(part(first)), "before sending");
    const theirs = it.parts.wallet;
    const {nonce, fees} = it.journal.pending.operation as NonNullable<typeof it.journal.pending.operation>;
    await theirs.send(await theirs.sign({to: theirs.address, data: "0x"}, {...fees, gas: 21_000n, nonce}));
    await mine();
    const wallet = await it.anotherWallet();
    expect(await operate({...it.parts, wallet}, it.withdrawal(part(first)), signal)).toHaveProperty("hash");
    expect(earlier(it)).toEqual(["following", "nonce taken"]);
    expect(await it.events()).toHaveLength(1);
  });

  it("is not taken for void before the block that says so is deep enough", async () => {
    const it = await aStage();
    const {wallet: theirs, signed} = remembering(it.parts.wallet);
    const wallet = await it.anotherWallet();
    await killAt(it, it.withdrawal(part(first)), "before sending", {wallet: theirs});
    const before = await chain().anvil.rpc<string>("evm_snapshot");
    await it.moveNonce();
    const deep = {...it.parts, wallet, settings: {...it.parts.settings, depth: 2}};
    let looks = 0;
    const looked = new Promise<void>((resolve) => {
      const {manager} = deep;
      const readNonce: typeof manager.readNonce = async (vault, depth) => {
        const nonce = await manager.readNonce(vault, depth);
        if (depth === 2 && ++looks === 3) resolve();
        return nonce;
      };
      deep.manager = {...manager, readNonce};
    });
    const operating = operate(unasked(deep), it.withdrawal(part(first)), signal);
    await looked;
    await chain().anvil.rpc("evm_revert", before);
    await theirs.send(signed[0] as SignedTransaction);
    await mine();
    expect(await operating).toEqual({hash: signed[0]?.hash});
    expect(await it.events()).toHaveLength(1);
  });

  it("and that failed hides no other one that did it", async () => {
    const it = await aStage();
    await automine(false);
    const {wallet: theirWallet, signed} = remembering(it.parts.wallet);
    await killAt(it, it.withdrawal(part(first)), "sent", {wallet: theirWallet});
    await chain().anvil.rpc("anvil_dropAllTransactions");
    const wallet = await it.anotherWallet();
    await killAt(it, it.withdrawal(part(first)), "sent", quick({...it.parts, wallet}, 1000));
    const [, ours] = hashesOf(it);
    await mine();
    await theirWallet.send(signed[0] as SignedTransaction);
    await mine();
    await automine(true);
    expect(await operate(unasked({...it.parts, wallet}), it.withdrawal(part(first)), signal)).toEqual({hash: ours});
    expect(await it.events()).toHaveLength(1);
  });

  it("is found by whoever comes after two processes that ended, of two wallets", async () => {
    const it = await aStage();
    await automine(false);
    const {wallet: theirWallet, signed} = remembering(it.parts.wallet);
    await killAt(it, it.withdrawal(part(first)), "sent", {wallet: theirWallet});
    const [theirs] = hashesOf(it);
    const wallet = await it.anotherWallet();
    await killAt(it, it.withdrawal(part(first)), "sent", quick({...it.parts, wallet}, 1000));
    expect(hashesOf(it)).toHaveLength(2);
    // The node has lost the second one.
    await chain().anvil.rpc("anvil_dropAllTransactions");
    await theirWallet.send(signed[0] as SignedTransaction);
    await automine(true);
    await mine();
    expect(await operate(unasked({...it.parts, wallet}), it.withdrawal(part(first)), signal)).toEqual({hash: theirs});
    expect(await it.events()).toHaveLength(1);
  });
});

describe("a registration after a withdrawal whose process ended", () => {
  const once = {watch: false, signal};
  const aFunded = async () => {
    const it = await aStage();
    await it.stakeWise.fund(32n * ether);
    const parts = {...it.registrationParts, settings: {...it.registrationParts.settings, stuckMs: 100, amounts: [32e9]}};
    const told = () => it.registrationSteps.flatMap((step) => (step.step === "earlier" ? [step.earlier.step] : []));
    return {it, parts, told};
  };

  it("says what it did, and registers", async () => {
    const {it, parts, told} = await aFunded();
    await killAt(it, it.withdrawal(part(first)), "included");
    it.registrationSteps.length = 0;
    expect(await register(parts, once)).toMatchObject({publicKeys: [expect.anything()]});
    expect(told()).toEqual(["following", "included", "done"]);
    expect(it.journal.pending).toEqual({});
  });

  it("takes its nonce if no block takes it", async () => {
    const {it, parts, told} = await aFunded();
    await killAt(it, it.withdrawal(part(first)), "before sending");
    const {nonce} = it.journal.pending.operation ?? {};
    it.registrationSteps.length = 0;
    expect(await register(parts, once)).toMatchObject({publicKeys: [expect.anything()]});
    expect(told()).toEqual(["following", "stuck"]);
    expect(it.registrationSteps.find(({step}) => step === "sent")).toMatchObject({nonce, replaces: true});
    // Whoever wants it still finds that it was not done.
    expect(await operate(it.parts, it.withdrawal(part(first)), signal)).toHaveProperty("hash");
    expect(earlier(it)).toEqual(["following", "included", "done"]);
    expect(await it.events()).toHaveLength(1);
  });

  it("is followed by a withdrawal that finds it done, if it was in a block after all", async () => {
    const {it, parts} = await aFunded();
    const {wallet, signed} = remembering(it.parts.wallet);
    await killAt(it, it.withdrawal(part(first)), "before sending", {wallet});
    it.registrationSteps.length = 0;
    await automine(false);
    const stop = new AbortController();
    const sent = it.untilStep("sent");
    const registering = register(parts, {watch: false, signal: stop.signal});
    await sent;
    stop.abort();
    await registering.catch(() => {});
    await chain().anvil.rpc("anvil_dropAllTransactions");
    await it.parts.wallet.send(signed[0] as SignedTransaction);
    await automine(true);
    await mine();
    expect(await operate(unasked(it.parts), it.withdrawal(part(first)), signal)).toEqual({hash: signed[0]?.hash});
    expect(await it.events()).toHaveLength(1);
  });
});
