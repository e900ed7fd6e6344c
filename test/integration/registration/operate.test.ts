import {type Hex, keccak256} from "viem";
import {describe, expect, it} from "vitest";
import {networks} from "../../../src/consensus/networks.js";
import type {Wallet} from "../../../src/execution/wallet.js";
import {operate} from "../../../src/registration/operations/operate.js";
import type {Operation} from "../../../src/registration/operations/operation.js";
import {deployContract} from "../../../src/sandbox/chain/contracts.js";
import {requestQueues} from "../../../src/sandbox/chain/stakeWise.js";
import type {KeyAmount} from "../../../src/vaults/validatorsManager.js";
import {keyOf} from "../../support/examples/deposits.js";
import {managerOf} from "../../support/openRegistrationParts.js";
import {anOperationStage, first, type OperationStageOptions, part, second, third} from "../../support/operationStage.js";
import {ether, useVaultChain, type VaultChainOfTests} from "../../support/registrationStage.js";

const {signal} = new AbortController();
const gwei = 10n ** 9n;
const chain = useVaultChain();
const aStage = ({on = chain(), ...options}: OperationStageOptions & {readonly on?: VaultChainOfTests} = {}) =>
  anOperationStage(on, options);

/** Somebody sends another transaction with its first nonce, and does something else before. */
const takesNonce = (wallet: Wallet, meanwhile: () => Promise<void>): Wallet => {
  let isFirst = true;
  return {
    ...wallet,
    async send(tx) {
      if (!isFirst) return wallet.send(tx);
      isFirst = false;
      await meanwhile();
      await wallet.send(await wallet.sign({to: wallet.address, data: "0x"}, {...tx, gas: 21_000n}));
      return "nonce taken";
    },
  };
};

describe("a withdrawal", () => {
  it("is in the queue, and what is left of the fee comes back", async () => {
    const it = await aStage();
    const {wallet} = it.parts;
    await it.stakeWise.setExcess("withdrawals", 300);
    const fee = await it.parts.chain.readRequestFee("withdraw");
    expect(fee).toBeGreaterThan(1000n);
    const before = await wallet.read();
    const operated = await operate(it.parts, it.withdrawal(part(first), part(second, 2e9)), signal);
    if ("why" in operated) throw new Error(operated.why);
    const receipt = await chain().anvil.rpc<Record<string, string>>("eth_getTransactionReceipt", operated.hash);
    const gas = BigInt(receipt["gasUsed"] as string) * BigInt(receipt["effectiveGasPrice"] as string);
    expect((await wallet.read()).balance).toBe(before.balance - gas - 2n * fee);
    expect(await it.events()).toMatchObject([
      {eventName: "ValidatorWithdrawalSubmitted", args: {publicKey: first, amount: ether, feePaid: fee}},
      {eventName: "ValidatorWithdrawalSubmitted", args: {publicKey: second, amount: 2n * ether}},
    ]);
    expect(it.names()).toEqual(["sent", "included", "done"]);
  });

  it("exits a validator only if full exits are allowed", async () => {
    const no = await aStage();
    const refused = await operate(no.parts, no.withdrawal(part(first, 0)), signal);
    expect(refused).toMatchObject({why: "refused", refused: [{reason: expect.stringContaining("ALLOW_FULL_EXITS")}]});
    const yes = await aStage({registers: "nothing", rules: {allowFullExits: true}});
    await yes.stakeWise.fund(64n * ether);
    expect(await operate(yes.parts, yes.withdrawal(part(first, 0)), signal)).toHaveProperty("hash");
  });

  it.each<{id: string; asked: KeyAmount[]; options?: OperationStageOptions; holds?: number[]; reason: string}>([
    {id: "of more than the rules allow", asked: [part(first, 11e9)], reason: "more than the 10000000000"},
    {id: "that the rules do not name", asked: [part(first)], options: {rules: {operations: new Map()}}, reason: "do not name"},
    {id: "from nobody's key", asked: [part(keyOf("other"))], reason: "no cluster of this operator has it"},
    {id: "from a key twice", asked: [part(first), part(first)], reason: "it appears twice"},
    {
      id: "from another vault's validator",
      asked: [part(first)],
      options: {head: {withdrawals: {}}},
      reason: "not to the vault",
    },
    {
      id: "from a validator that exits",
      asked: [part(first)],
      options: {head: {statuses: {[first]: "active_exiting"}}},
      reason: "on the chain it is active_exiting",
    },
    {id: "from one that the oracles make exit", asked: [part(second)], holds: [1], reason: "the oracles are making it exit"},
    {id: "from a 0x01 validator", asked: [part(first)], options: {head: {old: [first]}}, reason: "only a 0x02 validator"},
    {id: "of what has to stay", asked: [part(third)], reason: "32000000000 have to stay"},
    {
      id: "from one that is active for too short a time",
      asked: [part(first)],
      options: {head: {epoch: 300, activations: {[first]: 45}}},
      reason: "it has been active for 255 epochs, and the chain wants 256: 1 more",
    },
    {
      id: "of what is on its way already",
      asked: [part(first)],
      options: {head: {partials: [{publicKey: first, amount: 8e9}]}},
      reason: "8000000000 gwei wait to be withdrawn from it already",
    },
    {
      id: "of all of one that pays out a part",
      asked: [part(first, 0)],
      options: {rules: {allowFullExits: true}, head: {partials: [{publicKey: first, amount: 1}]}},
      reason: "the chain exits it only after that",
    },
    {
      id: "from one whose effective balance is too low",
      asked: [part(first)],
      options: {head: {effectiveBalances: {[first]: 31e9}}},
      reason: "its effective balance is 31000000000 gwei",
    },
  ])("$id is refused, and nothing is signed", async ({asked, options, holds, reason}) => {
    const it = await aStage(options);
    it.oracles.hold(holds ?? []);
    const outcome = await operate(it.parts, it.withdrawal(...asked), signal);
    expect(outcome).toMatchObject({why: "refused", refused: expect.arrayContaining([expect.anything()])});
    expect("why" in outcome && outcome.why === "refused" && outcome.refused[0]?.reason).toContain(reason);
    expect(it.names()).toEqual(["obstacle"]);
    expect(await it.stakeWise.vault.read("validatorsManagerNonce")).toBe(1n);
  });

  it("is made of what is beyond 32 ETH and not on its way, and once the chain takes it", async () => {
    const it = await aStage({
      head: {
        epoch: 300,
        activations: {[first]: 44},
        partials: [
          {publicKey: first, amount: 8e9 - 1},
          {publicKey: second, amount: 9e9},
        ],
      },
    });
    expect(await operate(it.parts, it.withdrawal(part(first)), signal)).toHaveProperty("hash");
  });

  it("waits for the oracles, without whom nobody knows what exits", async () => {
    const it = await aStage({settings: {patienceMs: 20_000}});
    for (const oracle of it.oracles.all) oracle.behave({refuses: "not now"});
    const told = it.until("obstacle");
    const operating = operate(it.parts, it.withdrawal(part(first)), signal);
    await told;
    for (const oracle of it.oracles.all) oracle.behave({});
    expect(await operating).toHaveProperty("hash");
    expect(it.steps[0]).toMatchObject({obstacle: {why: "oracles"}});
  });

  it("is not sent with another key than the manager's", async () => {
    const it = await aStage();
    await it.stakeWise.setManager(`0x${"77".repeat(20)}`);
    await expect(operate(it.parts, it.withdrawal(part(first)), signal)).rejects.toMatchObject({code: "VALIDATORS_MANAGER_WRONG"});
  });

  it("is signed with the key that a contract as the manager accepts", async () => {
    const it = await aStage();
    await it.stakeWise.setManager(await deployContract(chain().anvil, "ContractManager", [managerOf(networks.mainnet).address]));
    expect(await operate(it.parts, it.withdrawal(part(first)), signal)).toHaveProperty("hash");
    expect(await operate(it.parts, it.consolidation([first, second]), signal)).toHaveProperty("hash");
    expect(await it.events()).toHaveLength(2);
  });

  it("is signed anew if the vault accepts another signature before it is sent", async () => {
    const it = await aStage();
    let isFirst = true;
    const wallet: Wallet = {
      ...it.parts.wallet,
      async estimate(call) {
        if (isFirst) await it.moveNonce();
        isFirst = false;
        return it.parts.wallet.estimate(call);
      },
    };
    expect(await operate({...it.parts, wallet}, it.withdrawal(part(second)), signal)).toHaveProperty("hash");
    expect(it.names()).toEqual(["moved", "sent", "included", "done"]);
    expect(await it.events()).toHaveLength(2);
  });

  it("is replaced if the vault accepts another signature after it was sent", async () => {
    const it = await aStage();
    await chain().anvil.rpc("evm_setAutomine", false);
    const sent = it.until("sent");
    const moved = it.until("moved");
    const operating = operate(it.parts, it.withdrawal(part(second)), signal);
    await sent;
    await chain().anvil.rpc("anvil_dropAllTransactions");
    await chain().anvil.rpc("evm_setAutomine", true);
    await it.moveNonce();
    await moved;
    expect(await operating).toHaveProperty("hash");
    const all = it.steps.flatMap((step) => (step.step === "sent" ? [step] : []));
    expect(all).toMatchObject([{replaces: false}, {nonce: all[0]?.nonce, replaces: true}]);
    expect(await it.events()).toHaveLength(2);
  });

  it("is signed anew if the wallet sent something else meanwhile, and the vault accepted nothing", async () => {
    const it = await aStage();
    const wallet = takesNonce(it.parts.wallet, async () => {});
    expect(await operate({...it.parts, wallet}, it.withdrawal(part(first)), signal)).toHaveProperty("hash");
    expect(it.names()).toEqual(["nonce taken", "sent", "included", "done"]);
    expect(await it.events()).toHaveLength(1);
  });

  it("is not signed a second time if the wallet sent something else, which may be what the vault accepted", async () => {
    const it = await aStage();
    const wallet = takesNonce(it.parts.wallet, it.moveNonce);
    expect(await operate({...it.parts, wallet}, it.withdrawal(part(first)), signal)).toEqual({why: "nonce taken"});
    expect(await it.events()).toHaveLength(1);
    expect(it.journal.pending).toEqual({});
  });

  it("ends with OPERATION_REVERTED if the contract refuses it", async () => {
    const it = await aStage({registers: "nothing"});
    const operating = operate(it.parts, it.withdrawal(part(first)), signal);
    await expect(operating).rejects.toMatchObject({
      code: "OPERATION_REVERTED",
      message: expect.stringContaining("NotCollateralized"),
    });
  });

  it("is not sent where the queue or gas costs too much", async () => {
    const it = await aStage({settings: {maxRequestFee: 1000n}});
    await it.stakeWise.setExcess("withdrawals", 300);
    expect(await operate(it.parts, it.withdrawal(part(first)), signal)).toMatchObject({why: "request fee", limit: 1000n});
    const dear = {...it.parts, settings: {...it.parts.settings, maxRequestFee: 10n ** 18n, maxFeePerGas: 1n}};
    expect(await operate(dear, it.withdrawal(part(first)), signal)).toMatchObject({why: "fees"});
  });

  it("is not sent if the user declines", async () => {
    const it = await aStage();
    expect(await operate({...it.parts, confirm: async () => false}, it.withdrawal(part(first)), signal)).toEqual({
      why: "declined",
    });
    expect(await it.events()).toEqual([]);
  });

  it("follows what a registration has left, and takes its nonce if that can do nothing any more", async () => {
    const it = await aStage();
    const {nonce} = await it.parts.wallet.read();
    const registration = {
      wallet: it.parts.wallet.address.toLowerCase(),
      nonce,
      hashes: [`0x${"12".repeat(32)}`],
      fees: {maxFeePerGas: 5n * gwei, maxPriorityFeePerGas: 1n},
      depositRoot: `0x${"13".repeat(32)}`,
      deadline: Math.floor(Date.now() / 1000) + 600,
      publicKeys: [third],
    };
    it.journal.pending = {registration};
    it.registrationSteps.length = 0;
    expect(await operate(it.parts, it.withdrawal(part(first)), signal)).toHaveProperty("hash");
    expect(it.registrationSteps[0]).toEqual({step: "following", hash: registration.hashes[0]});
    expect(it.steps[0]).toMatchObject({step: "sent", nonce, replaces: true});
    expect(it.journal.pending).toEqual({});
  });
});

describe("a consolidation", () => {
  it("of a source into a target needs no oracles", async () => {
    const it = await aStage();
    const asked = it.oracles.all.flatMap((oracle) => oracle.asked()).length;
    expect(await operate(it.parts, it.consolidation([first, second]), signal)).toHaveProperty("hash");
    expect(await it.events()).toMatchObject([
      {eventName: "ValidatorConsolidationSubmitted", args: {fromPublicKey: first, toPublicKey: second}},
    ]);
    expect(it.oracles.all.flatMap((oracle) => oracle.asked())).toHaveLength(asked);
  });

  it("needs a source that is active for long, and a target that may be young and pay out a part", async () => {
    const it = await aStage({
      head: {epoch: 300, activations: {[first]: 44, [second]: 299}, partials: [{publicKey: second, amount: 1e9}]},
    });
    expect(await operate(it.parts, it.consolidation([first, second]), signal)).toHaveProperty("hash");
  });

  it("is refused while the chain's queue is full, which a switch does not wait in", async () => {
    const full = {body: {data: Array<object>(2 ** 18).fill({source_index: "2", target_index: "2"})}};
    const it = await aStage({registers: "0x01", head: {old: [first]}});
    it.beacon.answerWith((path) => (path.endsWith("pending_consolidations") ? full : undefined));
    expect(await operate(it.parts, it.consolidation([first, second]), signal)).toMatchObject({
      why: "refused",
      refused: [{publicKey: undefined, reason: "the chain's queue of consolidations is full"}],
    });
    expect(await operate(it.parts, it.consolidation([first, first]), signal)).toHaveProperty("hash");
  });

  it("ends with CONSENSUS_UNAVAILABLE if the beacon node does not say what waits", async () => {
    const it = await aStage();
    it.beacon.answerWith((path) => (/pending_/.test(path) ? {status: 404, body: {code: 404, message: "Not Found"}} : undefined));
    for (const operation of [it.withdrawal(part(first)), it.consolidation([first, second])]) {
      await expect(operate(it.parts, operation, signal)).rejects.toMatchObject({code: "CONSENSUS_UNAVAILABLE"});
    }
    expect(await it.events()).toEqual([]);
  });

  it("into itself may be of a young validator", async () => {
    const it = await aStage({registers: "0x01", head: {epoch: 300, activations: {[first]: 299}}});
    expect(await operate(it.parts, it.consolidation([first, first]), signal)).toHaveProperty("hash");
  });

  it("of a validator into itself makes it 0x02, if the oracles approve", async () => {
    const it = await aStage({registers: "0x01"});
    const hash = keccak256(first as Hex);
    expect(await it.stakeWise.vault.read("v2Validators", hash)).toBe(false);
    expect(await operate(it.parts, it.consolidation([first, first]), signal)).toHaveProperty("hash");
    expect(await it.stakeWise.vault.read("v2Validators", hash)).toBe(true);
    expect(it.names()).toEqual(["approved", "sent", "included", "done"]);
  });

  it("into itself is not sent while oracles lack", async () => {
    const it = await aStage({registers: "0x01"});
    for (const oracle of it.oracles.all.slice(0, 2)) oracle.behave({lies: true});
    expect(await operate(it.parts, it.consolidation([first, first]), signal)).toMatchObject({why: "oracles"});
    expect(await it.events()).toEqual([]);
  });

  it.each<{id: string; pairs: [string, string][]; options?: OperationStageOptions; reason: string}>([
    {
      id: "of a source twice",
      pairs: [
        [first, second],
        [first, third],
      ],
      reason: "it appears as a source twice",
    },
    {id: "into a 0x01 validator", pairs: [[first, second]], options: {head: {old: [second]}}, reason: "has to be 0x02"},
    {id: "into one that the vault does not know", pairs: [[first, third]], reason: "the vault does not know it"},
    {id: "into itself of a 0x02 validator", pairs: [[first, first]], reason: "it is 0x02 already"},
    {
      id: "and a switch at once",
      pairs: [
        [first, first],
        [second, third],
      ],
      reason: "two commands",
    },
    {
      id: "of three switches where oracles approve two",
      pairs: [first, second, third].map((key) => [key, key]),
      reason: "approve 2",
    },
    {
      id: "into more than a validator should have",
      pairs: [[first, second]],
      options: {head: {balances: {[first]: 1000e9, [second]: 1000e9}}},
      reason: "more than 1945000000000",
    },
    {
      id: "in a chain",
      pairs: [
        [first, second],
        [second, third],
      ],
      reason: "it is a target, and ends as a source",
    },
    {
      id: "into more than a validator should have, with what waits already",
      pairs: [[first, second]],
      options: {
        head: {balances: {[first]: 900e9, [second]: 900e9, [third]: 200e9}, consolidations: [{source: third, target: second}]},
      },
      reason: "2000000000000 gwei, more than 1945000000000",
    },
    {
      id: "of a source that is active for too short a time",
      pairs: [[first, second]],
      options: {head: {epoch: 300, activations: {[first]: 100}}},
      reason: "it has been active for 200 epochs, and the chain wants 256: 56 more",
    },
    {
      id: "of a source that pays out a part",
      pairs: [[first, second]],
      options: {head: {partials: [{publicKey: first, amount: 1e9}]}},
      reason: "1000000000 gwei wait to be withdrawn from it",
    },
    {
      id: "of a validator that exits",
      pairs: [[first, second]],
      options: {head: {statuses: {[first]: "exited_slashed"}}},
      reason: "on the chain it is exited_slashed",
    },
  ])("$id is refused, and nothing is signed", async ({pairs, options, reason}) => {
    const it = await aStage(options);
    const outcome = await operate(it.parts, it.consolidation(...pairs) satisfies Operation, signal);
    expect("why" in outcome && outcome.why === "refused" && outcome.refused.map((one) => one.reason).join()).toContain(reason);
    expect(await it.stakeWise.vault.read("validatorsManagerNonce")).toBe(1n);
  });
});

describe("on Gnosis", () => {
  const gnosis = useVaultChain(networks.gnosis);

  it("a withdrawal is in the queue in gwei of mGNO, its fee is paid in xDAI, and the rest of that comes back", async () => {
    const on = gnosis();
    const it = await aStage({on});
    const {wallet} = it.parts;
    await it.stakeWise.setExcess("withdrawals", 300);
    const fee = await it.parts.chain.readRequestFee("withdraw");
    const before = await wallet.read();
    const operated = await operate(it.parts, it.withdrawal(part(first, 1.5e9)), signal);
    if ("why" in operated) throw new Error(operated.why);
    const receipt = await on.anvil.rpc<Record<string, string>>("eth_getTransactionReceipt", operated.hash);
    const gas = BigInt(receipt["gasUsed"] as string) * BigInt(receipt["effectiveGasPrice"] as string);
    expect((await wallet.read()).balance).toBe(before.balance - gas - fee);
    // The vault converts nothing: 1.5 mGNO, which pay out as 1.5 / 32 GNO.
    expect(await it.events()).toMatchObject([{args: {publicKey: first, amount: (15n * ether) / 10n, feePaid: fee}}]);
    expect(await on.anvil.rpc("eth_getStorageAt", requestQueues.withdrawals, "0x6", "latest")).toContain(
      (1.5e9).toString(16).padStart(16, "0"),
    );
  });

  it("validators are consolidated up to 1,800 mGNO", async () => {
    const it = await aStage({on: gnosis()});
    expect(await operate(it.parts, it.consolidation([first, second]), signal)).toHaveProperty("hash");
    const balances = {[first]: 1_000e9, [second]: 801e9};
    const full = await aStage({on: gnosis(), registers: "nothing", head: {balances}});
    expect(await operate(full.parts, full.consolidation([first, second]), signal)).toMatchObject({
      refused: [
        {
          publicKey: second,
          reason: "with its sources, and those that wait already, it would have 1801000000000 gwei, more than 1800000000000",
        },
      ],
    });
  });
});
