import {ListCompositeType} from "@chainsafe/ssz";
import {concat, decodeEventLog, encodeFunctionData, type Hex, keccak256, slice} from "viem";
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished} from "vitest";
import {DepositData, toWithdrawalCredentials} from "../../../src/consensus/deposit.js";
import {networks} from "../../../src/consensus/networks.js";
import {createVaultSigner} from "../../../src/execution/vaultSignature.js";
import {fromHex, toHex} from "../../../src/runtime/hex.js";
import {type Anvil, startAnvil} from "../../../src/sandbox/chain/anvil.js";
import {deployContract} from "../../../src/sandbox/chain/contracts.js";
import {accountOf, inOrder, oracleMessages, signTogether} from "../../../src/sandbox/chain/oracleMessages.js";
import type {Receipt} from "../../../src/sandbox/chain/sendTransaction.js";
import {
  bindContract,
  type DeployedContract,
  deployStakeWise,
  type HarvestParams,
  requestQueues,
  type StakeWise,
} from "../../../src/sandbox/chain/stakeWise.js";
import {encodeConsolidations, encodeFundings, encodeWithdrawals} from "../../../src/vaults/vaultValidators.js";
import {deployWordContract, selectors} from "../../support/chain/wordContract.js";
import {aDeposit, aTopUp, keyOf} from "../../support/examples/deposits.js";
import {aValidator, encodedFor, type RegistrationOf} from "../../support/examples/registration.js";
import {vector} from "../../support/files.js";

const network = networks.hoodi;
const ether = 10n ** 18n;
const far = 2n ** 40n;
const oracleKeys = [1, 2, 3, 4].map((byte) => new Uint8Array(32).fill(byte));
const managerKey = new Uint8Array(32).fill(9);
const signer = createVaultSigner(managerKey, network.chainId);
let anvil: Anvil;
let stakeWise: StakeWise;
let snapshot: string;

beforeAll(async () => {
  anvil = await startAnvil({chainId: network.chainId});
  stakeWise = await deployStakeWise(anvil, {oracleKeys, minOracles: 3, manager: signer.address});
  await stakeWise.fund(1000n * ether);
});
afterAll(() => anvil.stop());
beforeEach(async () => {
  snapshot = await anvil.rpc("evm_snapshot");
});
afterEach(() => anvil.rpc("evm_revert", snapshot));

const root = () => stakeWise.depositContract.read<string>("get_deposit_root");
const nonceOf = async (vault: DeployedContract) => toWord(Number(await vault.read<bigint>("validatorsManagerNonce")));
const sign = (vault: DeployedContract, validatorsRegistryRoot: string, validators: string) =>
  signer.sign({vault: vault.address, validatorsRegistryRoot, validators: fromHex(validators)});
const signWithNonce = async (validators: string, vault = stakeWise.vault) => sign(vault, await nonceOf(vault), validators);
const of = (vault: DeployedContract, change: Partial<RegistrationOf> = {}): RegistrationOf => ({
  network,
  vault: vault.address,
  oracleKeys,
  threshold: 3,
  ...change,
});

type Change = {
  vault?: DeployedContract;
  root?: string;
  deadline?: bigint;
  validators?: string;
  /** What the oracles signed, if not what is sent. */
  signedHash?: string;
  signers?: readonly Uint8Array[];
  signatures?: (right: Hex) => string;
  managerSignature?: string;
};

/** The arguments of a registration that is right but for what is changed. */
async function registration({vault = stakeWise.vault, signers = oracleKeys.slice(0, 3), deadline = far, ...change}: Change = {}) {
  const validatorsRegistryRoot = change.root ?? (await root());
  const validators = change.validators ?? encodedFor([aValidator("a", 0, of(vault)), aValidator("b", 1, of(vault))], of(vault));
  const message = {
    validatorsRegistryRoot,
    vault: vault.address,
    validators,
    exitSignaturesIpfsHash: change.signedHash ?? "QmShards",
    deadline,
  };
  const signed = await signTogether(signers, oracleMessages.approval({...stakeWise, ...stakeWise.keeper}, message));
  const signatures = change.signatures?.(signed) ?? signed;
  const managerSignature = change.managerSignature ?? (await sign(vault, validatorsRegistryRoot, validators));
  return [
    {validatorsRegistryRoot, deadline, validators, signatures, exitSignaturesIpfsHash: "QmShards"},
    managerSignature,
  ] as const;
}

const eventsOf = ({logs}: Receipt, contract: DeployedContract) =>
  logs
    .filter(({address}) => address === contract.address.toLowerCase())
    .map((log) => decodeEventLog({abi: contract.abi, data: log.data as Hex, topics: log.topics as [Hex]}));

const inMulticall = (vault: DeployedContract, ...calls: readonly {name: string; args: readonly unknown[]}[]) => [
  calls.map(({name, args}) => encodeFunctionData({abi: vault.abi, functionName: name, args})),
];
const flipped = (signature: Hex): Hex => concat([slice(signature, 0, 10), "0x55", slice(signature, 11)]);

describe("the deposit contract", () => {
  const Deposits = new ListCompositeType(DepositData, 2 ** 32);
  const deposits = ["a", "b", "c", "d", "e"].map((seed) => aDeposit(network, seed));

  it("has the root and the count that the consensus layer computes", async () => {
    const {depositContract} = stakeWise;
    for (let count = 0; count <= deposits.length; count++) {
      const taken = deposits.slice(0, count).map(({publicKey, withdrawalCredentials, amount, signature}) => ({
        pubkey: fromHex(publicKey),
        withdrawalCredentials: fromHex(withdrawalCredentials),
        amount,
        signature: fromHex(signature),
      }));
      expect(await root()).toBe(toHex(Deposits.hashTreeRoot(taken)));
      expect(await depositContract.read("get_deposit_count")).toBe(`0x0${count}00000000000000`);
      const next = deposits[count];
      if (next) await stakeWise.depositElsewhere(next);
    }
  });

  const [deposit] = deposits as [(typeof deposits)[0]];
  const {publicKey, withdrawalCredentials: credentials, signature} = deposit;
  it.each([
    {id: "a short key", args: ["0x00", credentials, signature], value: ether, why: "invalid pubkey length"},
    {id: "short credentials", args: [publicKey, "0x00", signature], value: ether, why: "invalid withdrawal_credentials length"},
    {id: "a short signature", args: [publicKey, credentials, "0x00"], value: ether, why: "invalid signature length"},
    {id: "less than 1 ETH", args: [publicKey, credentials, signature], value: ether - 1n, why: "deposit value too low"},
    {
      id: "a part of a gwei",
      args: [publicKey, credentials, signature],
      value: ether + 1n,
      why: "deposit value not multiple of gwei",
    },
    {
      id: "the root of other data",
      args: [publicKey, credentials, signature],
      value: ether,
      why: "reconstructed DepositData does not match supplied deposit_data_root",
    },
  ])("refuses $id", async ({args, value, why}) => {
    const wrong = [...args, `0x${"00".repeat(32)}`];
    expect(await stakeWise.depositContract.why("deposit", wrong, {value})).toBe(`DepositContract: ${why}`);
  });
});

describe("a registration", () => {
  it.each<{id: string; change: Partial<RegistrationOf>; gwei: number; event: string}>([
    {id: "0x01", change: {}, gwei: 32e9, event: "ValidatorRegistered"},
    {id: "0x02", change: {validatorType: "0x02", amount: 64e9}, gwei: 64e9, event: "V2ValidatorRegistered"},
  ])("of $id validators passes in a multicall, from anybody", async ({change, gwei, event}) => {
    const {vault, keeper, depositContract} = stakeWise;
    const kind = of(vault, change);
    const validators = encodedFor([aValidator("a", 0, kind), aValidator("b", 1, kind)], kind);
    const somebody = `0x${"77".repeat(20)}`;
    await stakeWise.impersonate(somebody);
    const calls = inMulticall(vault, {name: "registerValidators", args: await registration({validators})});
    const receipt = await vault.send("multicall", calls, {from: somebody});

    const amount = change.validatorType === "0x02" ? {amount: BigInt(gwei) * 10n ** 9n} : {};
    expect(eventsOf(receipt, vault)).toEqual(
      ["a", "b"].map((seed) => ({eventName: event, args: {publicKey: keyOf(seed), ...amount}})),
    );
    expect(eventsOf(receipt, keeper)).toEqual([
      {eventName: "ValidatorsApproval", args: {vault: vault.address, exitSignaturesIpfsHash: "QmShards"}},
    ]);
    const withdrawalCredentials = toHex(toWithdrawalCredentials(change.validatorType ?? "0x01", fromHex(vault.address)));
    expect(eventsOf(receipt, depositContract).map(({args}) => args)).toEqual(
      ["a", "b"].map((seed) => expect.objectContaining({pubkey: keyOf(seed), withdrawal_credentials: withdrawalCredentials})),
    );
    expect(await vault.read("withdrawableAssets")).toBe(1000n * ether - 2n * BigInt(gwei) * 10n ** 9n);
    expect(await vault.read("validatorsManagerNonce")).toBe(1n);
    expect(await keeper.read("isCollateralized", vault.address)).toBe(true);
    expect(await vault.read("v2Validators", keccak256(keyOf("a") as Hex))).toBe(change.validatorType === "0x02");
  });

  it("needs no signature of a manager who sends it", async () => {
    await stakeWise.impersonate(signer.address);
    const args = await registration({managerSignature: "0x"});
    expect(await stakeWise.vault.why("registerValidators", args)).toBe("AccessDenied");
    await stakeWise.vault.send("registerValidators", args, {from: signer.address});
    expect(await stakeWise.vault.read("validatorsManagerNonce")).toBe(0n);
  });

  it("may have a contract for its manager", async () => {
    const manager = await deployContract(anvil, "ContractManager", [signer.address]);
    await stakeWise.setManager(manager);
    const args = await registration();
    const [approval, signature] = args;
    expect(await stakeWise.vault.why("registerValidators", [approval, flipped(signature as Hex)])).toBe("AccessDenied");
    await stakeWise.vault.send("registerValidators", args);
  });

  it.each<{id: string; why: string; change: () => Promise<Change> | Change}>([
    {id: "after its deadline", why: "DeadlineExpired", change: () => ({deadline: 1n})},
    {id: "for another root", why: "InvalidValidatorsRegistryRoot", change: () => ({root: `0x${"11".repeat(32)}`})},
    {
      id: "of a vault that the Keeper does not know",
      why: "AccessDenied",
      change: async () => ({vault: await stakeWise.addVault({isRegistered: false, manager: signer.address})}),
    },
    {id: "of a vault without a manager", why: "AccessDenied", change: async () => ({vault: await stakeWise.addVault()})},
    {
      id: "with the signature of another manager",
      why: "AccessDenied",
      change: () => ({managerSignature: `0x${"11".repeat(64)}1b`}),
    },
    {id: "with too few oracles", why: "NotEnoughSignatures", change: () => ({signers: oracleKeys.slice(0, 2)})},
    {
      id: "with oracles in another order",
      why: "InvalidOracle",
      change: () => ({signatures: (right) => concat([slice(right, 65, 130), slice(right, 0, 65), slice(right, 130)])}),
    },
    {
      id: "with an oracle twice",
      why: "InvalidOracle",
      change: () => ({signatures: (right) => concat([slice(right, 0, 65), slice(right, 0, 65), slice(right, 65, 130)])}),
    },
    {
      id: "with somebody who is no oracle",
      why: "InvalidOracle",
      change: () => ({signers: [...oracleKeys.slice(0, 2), new Uint8Array(32).fill(77)]}),
    },
    {id: "with another IPFS hash than the oracles signed", why: "InvalidOracle", change: () => ({signedHash: "QmOther"})},
    {id: "with what is no signature", why: "ECDSAInvalidSignature", change: () => ({signatures: () => `0x${"00".repeat(195)}`})},
    {id: "of what is of no length", why: "InvalidValidators", change: () => ({validators: `0x${"11".repeat(175)}`})},
    {id: "of what is of both lengths", why: "InvalidValidators", change: () => ({validators: `0x${"11".repeat(176 * 23)}`})},
    {
      id: "of more than 2048 ETH",
      why: "InvalidAssets",
      change: () => {
        const kind = of(stakeWise.vault, {validatorType: "0x02", amount: 2049e9});
        return {validators: encodedFor([aValidator("a", 0, kind)], kind)};
      },
    },
    {
      id: "of less than 32 ETH",
      why: "InvalidAssets",
      change: () => {
        const kind = of(stakeWise.vault, {validatorType: "0x02", amount: 31e9});
        return {validators: encodedFor([aValidator("a", 0, kind)], kind)};
      },
    },
    {
      id: "whose data is not that of its root",
      why: "DepositContract: reconstructed DepositData does not match supplied deposit_data_root",
      change: async () => {
        const [{validators}] = await registration();
        return {validators: flipped(validators as Hex)};
      },
    },
    {
      id: "for which the vault keeps too little",
      why: "Panic 0x11",
      change: async () => {
        await stakeWise.vault.send("reserve", [950n * ether]);
        return {};
      },
    },
    {
      id: "for which the vault has too little",
      why: "FailedCall",
      change: async () => ({vault: await stakeWise.addVault({manager: signer.address})}),
    },
  ])("$id reverts with $why", async ({change, why}) => {
    const changed = await change();
    const {vault = stakeWise.vault} = changed;
    const calls = inMulticall(vault, {name: "registerValidators", args: await registration(changed)});
    expect(await vault.why("multicall", calls)).toBe(why);
  });

  it("is void once somebody deposited", async () => {
    const args = await registration();
    expect(await stakeWise.vault.why("registerValidators", args)).toBeUndefined();
    await stakeWise.depositElsewhere(aTopUp(aDeposit(network, "somebody")));
    expect(await stakeWise.vault.why("registerValidators", args)).toBe("InvalidValidatorsRegistryRoot");
  });

  it("is undone by a reorganisation", async () => {
    const before = await root();
    await stakeWise.vault.send("registerValidators", await registration());
    expect(await root()).not.toBe(before);
    await anvil.rpc("anvil_reorg", 1, []);
    expect(await root()).toBe(before);
  });
});

describe("a vault that is behind", () => {
  const updateThen = (harvest: HarvestParams, args: readonly unknown[]) =>
    inMulticall(stakeWise.vault, {name: "updateState", args: [harvest]}, {name: "registerValidators", args});

  it("has to be harvested after two updates of the rewards", async () => {
    const {vault, keeper} = stakeWise;
    await vault.send("registerValidators", await registration());
    expect(await keeper.read("canHarvest", vault.address)).toBe(false);
    await stakeWise.updateRewards();
    expect(await keeper.read("canHarvest", vault.address)).toBe(true);
    expect(await keeper.read("isHarvestRequired", vault.address)).toBe(false);
    const harvest = await stakeWise.updateRewards({reward: 5n, unlockedMevReward: 0n});
    expect(await keeper.read("isHarvestRequired", vault.address)).toBe(true);

    const kind = of(vault);
    const args = await registration({validators: encodedFor([aValidator("c", 2, kind)], kind)});
    expect(await vault.why("registerValidators", args)).toBe("NotHarvested");
    expect(await vault.why("fundValidators", ["0x00", "0x"])).toBe("NotHarvested");
    expect(await vault.why("updateState", [{...harvest, reward: 6n}])).toBe("InvalidProof");
    expect(await vault.why("updateState", [{...harvest, rewardsRoot: await root()}])).toBe("InvalidRewardsRoot");
    await vault.send("multicall", updateThen(harvest, args));
    expect(await keeper.read("canHarvest", vault.address)).toBe(false);
  });

  it.each([{isOwnEscrow: false}, {isOwnEscrow: true}])(
    "gets its MEV with the update (its own escrow: $isOwnEscrow)",
    async (its) => {
      const vault = await stakeWise.addVault({...its, manager: signer.address});
      await stakeWise.fund(100n * ether, vault);
      await vault.send("registerValidators", await registration({vault}));
      const escrow = its.isOwnEscrow ? await vault.read<string>("mevEscrow") : stakeWise.mevEscrow.address;
      await anvil.rpc("anvil_setBalance", escrow, `0x${(3n * ether).toString(16)}`);
      const harvest = await stakeWise.updateRewards({vault, unlockedMevReward: its.isOwnEscrow ? 0n : 2n * ether});
      await vault.send("updateState", [harvest]);
      expect(await vault.read("withdrawableAssets")).toBe((its.isOwnEscrow ? 39n : 38n) * ether);
    },
  );
});

describe("a vault with 0x02 validators", () => {
  const target = keyOf("a");
  const [withdrawals, consolidations] = [
    toHex(encodeWithdrawals([{publicKey: target, amount: 0}])),
    toHex(encodeConsolidations([{source: keyOf("b"), target}])),
  ];
  const fundingOf = (publicKey: string) => toHex(encodeFundings(stakeWise.vault.address, [{publicKey, amount: 10e9}]));

  beforeEach(async () => {
    const kind = of(stakeWise.vault, {validatorType: "0x02", amount: 64e9});
    const args = await registration({validators: encodedFor([aValidator("a", 0, kind)], kind)});
    await stakeWise.vault.send("registerValidators", args);
  });

  it("is funded with a signature of its nonce, once", async () => {
    const {vault, depositContract} = stakeWise;
    const funding = fundingOf(target);
    const args = [funding, await signWithNonce(funding)];
    const receipt = await vault.send("multicall", inMulticall(vault, {name: "fundValidators", args}));
    expect(eventsOf(receipt, vault)).toEqual([{eventName: "ValidatorFunded", args: {publicKey: target, amount: 10n * ether}}]);
    expect(eventsOf(receipt, depositContract)).toHaveLength(1);
    expect(await vault.why("fundValidators", args)).toBe("AccessDenied");
    const other = fundingOf(keyOf("b"));
    expect(await vault.why("fundValidators", [other, await signWithNonce(other)])).toBe("InvalidValidators");
    const v1 = slice(funding as Hex, 0, 176);
    expect(await vault.why("fundValidators", [v1, await signWithNonce(v1)])).toBe("CannotTopUpV1Validators");
  });

  it("withdraws for a fee, and gives back the rest", async () => {
    const {vault} = stakeWise;
    const args = [withdrawals, await signWithNonce(withdrawals)];
    await stakeWise.setExcess("withdrawals", 34);
    expect(await vault.why("withdrawValidators", args, {value: 6n})).toBe("Panic 0x11");
    const receipt = await vault.send("withdrawValidators", args, {value: 1000n});
    expect(eventsOf(receipt, vault)).toEqual([
      {eventName: "ValidatorWithdrawalSubmitted", args: {publicKey: target, amount: 0n, feePaid: 7n}},
    ]);
    expect(await vault.read("withdrawableAssets")).toBe(936n * ether);
    expect(await anvil.rpc("eth_getStorageAt", requestQueues.withdrawals, "0x4", "latest")).toBe(
      `0x${vault.address.slice(2).toLowerCase().padStart(64, "0")}`,
    );
    expect(await vault.why("withdrawValidators", ["0x00", await signWithNonce("0x00")])).toBe("InvalidValidators");
  });

  it("consolidates into a validator that it has, or that oracles approve", async () => {
    const {vault, checker} = stakeWise;
    const args = [consolidations, await signWithNonce(consolidations), "0x"];
    const receipt = await vault.send("consolidateValidators", args, {value: 10n});
    expect(eventsOf(receipt, vault)).toEqual([
      {eventName: "ValidatorConsolidationSubmitted", args: {fromPublicKey: keyOf("b"), toPublicKey: target, feePaid: 1n}},
    ]);
    const own = toHex(encodeConsolidations([{source: keyOf("c"), target: keyOf("c")}]));
    const signature = await signWithNonce(own);
    expect(await vault.why("consolidateValidators", [own, signature, "0x"], {value: 1n})).toBe("InvalidValidators");
    const message = {vault: vault.address, validators: own};
    const approve = (keys: readonly Uint8Array[]) =>
      signTogether(keys, oracleMessages.consolidation({...stakeWise, ...checker}, message));
    expect(await vault.why("consolidateValidators", [own, signature, await approve(oracleKeys.slice(2))])).toBe(
      "InvalidSignatures",
    );
    await vault.send("consolidateValidators", [own, signature, await approve(oracleKeys.slice(1))], {value: 1n});
    expect(await vault.read("v2Validators", keccak256(keyOf("c") as Hex))).toBe(true);
  });

  it("neither withdraws nor consolidates before its first registration", async () => {
    const vault = await stakeWise.addVault({manager: signer.address});
    const signature = await signWithNonce(withdrawals, vault);
    expect(await vault.why("withdrawValidators", [withdrawals, signature])).toBe("NotCollateralized");
    expect(await vault.why("consolidateValidators", [consolidations, signature, "0x"])).toBe("NotCollateralized");
  });
});

describe("a rotation", () => {
  const rotation = async ({nonce = 0n, deadline = far, signers = oracleKeys.slice(0, 3), vault = stakeWise.vault} = {}) => {
    const message = {vault: vault.address, exitSignaturesIpfsHash: "QmNew", nonce, deadline};
    const signatures = await signTogether(signers, oracleMessages.rotation({...stakeWise, ...stakeWise.keeper}, message));
    return [vault.address, deadline, "QmNew", signatures];
  };

  it("of exits is announced, and counts", async () => {
    const {keeper, vault} = stakeWise;
    await vault.send("registerValidators", await registration());
    const [account] = await anvil.rpc<string[]>("eth_accounts");
    const receipt = await keeper.send("updateExitSignatures", await rotation());
    expect(eventsOf(receipt, keeper)).toEqual([
      {
        eventName: "ExitSignaturesUpdated",
        args: {
          caller: expect.stringMatching(new RegExp(`^${account}$`, "i")),
          vault: vault.address,
          nonce: 0n,
          exitSignaturesIpfsHash: "QmNew",
        },
      },
    ]);
    expect(await keeper.read("exitSignaturesNonces", vault.address)).toBe(1n);
    expect(await keeper.why("updateExitSignatures", await rotation())).toBe("InvalidOracle");
    expect(await keeper.why("updateExitSignatures", await rotation({nonce: 1n, deadline: 1n}))).toBe("DeadlineExpired");
    const signers = oracleKeys.slice(0, 2);
    expect(await keeper.why("updateExitSignatures", await rotation({nonce: 1n, signers}))).toBe("NotEnoughSignatures");
    await keeper.send("updateExitSignatures", await rotation({nonce: 1n}));
  });

  it("is refused of a vault that is unknown or not collateralized", async () => {
    const {keeper} = stakeWise;
    expect(await keeper.why("updateExitSignatures", await rotation())).toBe("InvalidVault");
    const vault = await stakeWise.addVault({isRegistered: false});
    expect(await keeper.why("updateExitSignatures", await rotation({vault}))).toBe("InvalidVault");
  });
});

it("is asked for oracles as its owner sets them", async () => {
  const {keeper} = stakeWise;
  const [first] = inOrder(oracleKeys.map(accountOf));
  expect(await keeper.why("addOracle", [first?.address])).toBe("AlreadyAdded");
  expect(await keeper.why("setValidatorsMinOracles", [5n])).toBe("InvalidOracles");
  expect(await keeper.why("setValidatorsMinOracles", [0n])).toBe("InvalidOracles");
  expect(await keeper.why("updateConfig", ["Qm"], {from: `0x${"77".repeat(20)}`})).toBe("OwnableUnauthorizedAccount");
  await keeper.send("removeOracle", [first?.address]);
  expect(await keeper.read("totalOracles")).toBe(3n);
  expect(await keeper.why("removeOracle", [first?.address])).toBe("AlreadyRemoved");
  const receipt = await keeper.send("updateConfig", ["QmConfig"]);
  expect(eventsOf(receipt, keeper)).toEqual([{eventName: "ConfigUpdated", args: {configIpfsHash: "QmConfig"}}]);
});

describe("what StakeWise's own code signs", () => {
  type Signed = {kind: string; vault: Hex; nonce: number | null; validators: Hex; signature: Hex; validators_registry_root: Hex};
  const {signatures, address} = vector<{signatures: Signed[]; address: string}>("validators-manager.json");
  /** What comes after the signature fails for want of such a validator, or of a deposit contract with such a root. */
  const outcomes: Record<string, {name: string; why: string | undefined}> = {
    register: {name: "registerValidators", why: ""},
    fund: {name: "fundValidators", why: "InvalidValidators"},
    withdraw: {name: "withdrawValidators", why: undefined},
    consolidate: {name: "consolidateValidators", why: "InvalidValidators"},
  };

  /** The vault has its address signed, so its code goes where the vector has it. */
  async function vaultAt(place: Hex): Promise<DeployedContract> {
    await anvil.rpc("anvil_setCode", place, await anvil.rpc("eth_getCode", stakeWise.vault.address, "latest"));
    const [account] = await anvil.rpc<[string]>("eth_accounts");
    const vault = bindContract(anvil, {abi: stakeWise.vault.abi, address: place, account});
    await stakeWise.keeper.send("setVault", [vault.address, true]);
    await stakeWise.fund(100n * ether, vault);
    await stakeWise.setManager(signer.address, vault);
    await vault.send("registerValidators", await registration({vault}));
    await stakeWise.setManager(address, vault);
    return vault;
  }

  it.each(signatures.map((it) => [it.kind, it] as const))("is a manager's signature for our vault: %s", async (kind, signed) => {
    const vault = await vaultAt(signed.vault);
    if (signed.nonce !== null) await anvil.rpc("anvil_setStorageAt", vault.address, "0x1", toWord(signed.nonce));
    const {name, why} = outcomes[kind] as (typeof outcomes)["fund"];
    const deposits = await deployWordContract(anvil, selectors.depositRoot, stakeWise.depositContract.address);
    if (kind === "register") await deposits.says(BigInt(signed.validators_registry_root));
    const argsWith = async (signature: Hex) => {
      if (kind !== "register") return [signed.validators, signature, ...(kind === "consolidate" ? ["0x"] : [])];
      const [approval] = await registration({vault, root: signed.validators_registry_root, validators: signed.validators});
      return [approval, signature];
    };
    const sending = kind === "register" || kind === "fund" ? {} : {value: 1n};
    expect(await vault.why(name, await argsWith(signed.signature), sending)).toBe(why);
    expect(await vault.why(name, await argsWith(flipped(signed.signature)), sending)).toBe("AccessDenied");
  });
});

const toWord = (value: number): string => `0x${value.toString(16).padStart(64, "0")}`;

describe("on Gnosis", () => {
  it("stakes are fetched in GNO, of which one counts 32, also those that wait to be claimed", async () => {
    const gnosis = networks.gnosis;
    const chain = await startAnvil({chainId: gnosis.chainId});
    onTestFinished(chain.stop);
    const theirs = await deployStakeWise(chain, {oracleKeys, minOracles: 3, isGnosis: true});
    const {vault, keeper, depositContract, chainId} = theirs;
    const manager = createVaultSigner(managerKey, gnosis.chainId);
    await theirs.setManager(manager.address);
    await theirs.fund(1n * ether);
    await depositContract.send("setWithdrawable", [vault.address, 2n * ether]);
    expect(await vault.read("withdrawableAssets")).toBe(3n * ether);
    await theirs.depositElsewhere(aTopUp(aDeposit(gnosis, "somebody")));

    const kind = of(vault, {network: gnosis, validatorType: "0x02", amount: 64e9});
    const validators = encodedFor([aValidator("a", 0, kind)], kind);
    const validatorsRegistryRoot = await depositContract.read<string>("get_deposit_root");
    const approval = {validatorsRegistryRoot, deadline: far, validators, exitSignaturesIpfsHash: "QmShards"};
    const data = oracleMessages.approval({chainId, address: keeper.address}, {...approval, vault: vault.address});
    const signatures = await signTogether(oracleKeys.slice(0, 3), data);
    const signed = await manager.sign({vault: vault.address, validatorsRegistryRoot, validators: fromHex(validators)});
    const receipt = await vault.send("registerValidators", [{...approval, signatures}, signed]);
    expect(eventsOf(receipt, vault)).toEqual([
      {eventName: "V2ValidatorRegistered", args: {publicKey: keyOf("a"), amount: 64n * ether}},
    ]);
    expect(await vault.read("withdrawableAssets")).toBe(1n * ether);
    expect(await depositContract.read("withdrawableAmount", vault.address)).toBe(0n);
  });
});
