import {
  type Abi,
  concat,
  decodeFunctionResult,
  encodeAbiParameters,
  encodeFunctionData,
  getAddress,
  type Hex,
  keccak256,
  zeroAddress,
} from "viem";
import {DepositData} from "../../consensus/deposit.js";
import type {Deposit} from "../../registry/validDeposits.js";
import {fromHex, toHex} from "../../runtime/hex.js";
import type {Anvil} from "./anvil.js";
import {abiOf, deployContract, whyReverted} from "./contracts.js";
import {accountOf, inOrder, oracleMessages, signTogether} from "./oracleMessages.js";
import {type Call, type Receipt, sendTransaction, submit, untilInBlock} from "./sendTransaction.js";

/** https://eips.ethereum.org/EIPS/eip-7002 and eip-7251 */
export const requestQueues = {
  withdrawals: "0x00000961Ef480Eb55e80D19ad83579A64c007002",
  consolidations: "0x0000BBdDc7CE488642fb579F8B00f3a590007251",
} as const;

export type HarvestParams = {
  readonly rewardsRoot: Hex;
  readonly reward: bigint;
  readonly unlockedMevReward: bigint;
  readonly proof: readonly Hex[];
};
export type ApprovalParams = {
  readonly validatorsRegistryRoot: string;
  readonly deadline: number | bigint;
  readonly validators: string;
  readonly signatures: string;
  readonly exitSignaturesIpfsHash: string;
};
/** With which account and how many wei; what is sent goes through, or throws. */
type Sending = {readonly from?: string; readonly value?: bigint};

/** A contract to call by the names of its functions. */
export type DeployedContract = {
  /** In the mixed case of EIP-55. */
  readonly address: Hex;
  readonly abi: Abi;
  read<T>(name: string, ...args: readonly unknown[]): Promise<T>;
  send(name: string, args: readonly unknown[], sending?: Sending): Promise<Receipt>;
  /** Why it would revert, as whyReverted says it. */
  why(name: string, args: readonly unknown[], sending?: Sending): Promise<string | undefined>;
};

export type StakeWise = {
  readonly chainId: number;
  readonly keeper: DeployedContract;
  readonly depositContract: DeployedContract;
  readonly checker: DeployedContract;
  readonly vault: DeployedContract;
  readonly mevEscrow: DeployedContract;
  /** Another vault; `isOwnEscrow`: its MEV goes to an escrow of its own. */
  addVault(options?: VaultOptions): Promise<DeployedContract>;
  setManager(manager: string, vault?: DeployedContract): Promise<void>;
  /** Gives the vault so many wei more, of GNO on Gnosis. */
  fund(wei: bigint, vault?: DeployedContract): Promise<void>;
  /** The transaction that does so. */
  toFunding(wei: bigint, vault?: DeployedContract): Call;
  /** One oracle for another, and the config (a CID) that names it: in one block, where blocks are slow. */
  replaceOracle(change: {readonly leaving: string; readonly coming: string; readonly config: string}): Promise<void>;
  /** Somebody's deposit, which changes the root; its signature need not be valid. */
  depositElsewhere(...deposits: readonly Deposit[]): Promise<void>;
  /** The oracles announce rewards of a vault and of another one; wei since ever. Returns what updateState wants. */
  updateRewards(options?: RewardsOptions): Promise<HarvestParams>;
  /** From the next request on: 17 more make the fee e times as high. */
  setExcess(queue: keyof typeof requestQueues, requests: number): Promise<void>;
  /** An account of this address that anvil signs for, with 1,000 ETH. */
  impersonate(address: string): Promise<void>;
};
type VaultOptions = {
  readonly manager?: string;
  readonly version?: number;
  readonly isOwnEscrow?: boolean;
  /** false: the Keeper does not know it. */
  readonly isRegistered?: boolean;
};
type RewardsOptions = {
  readonly vault?: DeployedContract;
  readonly reward?: bigint;
  readonly unlockedMevReward?: bigint;
  readonly ipfsHash?: string;
};
type Options = VaultOptions & {
  /** Their private keys, 32 bytes each; none are no oracles. */
  readonly oracleKeys: readonly Uint8Array[];
  /** How many have to sign; all unless it is said. */
  readonly minOracles?: number;
  /** Stakes are GNO, one for 32 on the consensus layer. */
  readonly isGnosis?: boolean;
};

const ether = 10n ** 18n;

/** Deploys what an operator meets of StakeWise, from contracts of our own. Each transaction is a block. */
export async function deployStakeWise(
  anvil: Anvil,
  {oracleKeys, minOracles, isGnosis = false, ...vaultOptions}: Options,
): Promise<StakeWise> {
  const [account] = await anvil.rpc<[string]>("eth_accounts");
  const chainId = Number(await anvil.rpc<string>("eth_chainId"));
  const toContract = (name: Parameters<typeof abiOf>[0], address: Hex): DeployedContract =>
    bindContract(anvil, {abi: abiOf(name), address, account});
  const deploy = async (name: Parameters<typeof abiOf>[0], ...args: readonly unknown[]): Promise<DeployedContract> =>
    toContract(name, await deployContract(anvil, name, args));

  await anvil.rpc("anvil_setBalance", account, `0x${(10n ** 9n * ether).toString(16)}`);
  const gno = isGnosis ? await deploy("GnoToken") : undefined;
  const depositContract = gno ? await deploy("GnosisDepositContract", gno.address) : await deploy("DepositContract");
  const mevEscrow = await deploy("MevEscrow");
  const keeper = await deploy("Keeper", depositContract.address, mevEscrow.address, 0n);
  const checker = await deploy("ConsolidationsChecker", keeper.address);
  await placeQueue(anvil, requestQueues.withdrawals, 56n);
  await placeQueue(anvil, requestQueues.consolidations, 96n);

  const accounts = oracleKeys.map(accountOf);
  for (const {address} of accounts) await keeper.send("addOracle", [address]);
  if (accounts.length > 0) {
    const needed = minOracles ?? accounts.length;
    await keeper.send("setValidatorsMinOracles", [needed]);
    await keeper.send("setRewardsMinOracles", [needed]);
  }

  const addVault = async ({manager, version = 5, isOwnEscrow = false, isRegistered = true}: VaultOptions = {}) => {
    const setup = {
      keeper: keeper.address,
      validatorsRegistry: depositContract.address,
      consolidationsChecker: checker.address,
      sharedMevEscrow: mevEscrow.address,
      mevEscrow: isOwnEscrow ? await deployContract(anvil, "MevEscrow") : mevEscrow.address,
      version,
    };
    const vault = gno ? await deploy("GnosisVault", setup, gno.address) : await deploy("Vault", setup);
    if (isRegistered) await keeper.send("setVault", [vault.address, true]);
    if (manager !== undefined) await vault.send("setValidatorsManager", [manager]);
    return vault;
  };
  const vault = await addVault(vaultOptions);
  const toFunding = (wei: bigint, to = vault): Call =>
    gno
      ? {to: gno.address, data: encodeFunctionData({abi: gno.abi, functionName: "mint", args: [to.address, wei]})}
      : {to: to.address, data: "0x", value: wei};

  return {
    chainId,
    keeper,
    depositContract,
    checker,
    vault,
    mevEscrow,
    addVault,
    async setManager(manager, of = vault) {
      await of.send("setValidatorsManager", [manager]);
    },
    fund: async (wei, to) => void (await sendTransaction(anvil, toFunding(wei, to))),
    toFunding,
    async replaceOracle({leaving, coming, config}) {
      const calls = {addOracle: coming, removeOracle: leaving, updateConfig: config};
      const hashes: string[] = [];
      for (const [functionName, arg] of Object.entries(calls)) {
        const data = encodeFunctionData({abi: keeper.abi, functionName, args: [arg]});
        hashes.push(await submit(anvil, {to: keeper.address, data}));
      }
      for (const hash of hashes) await untilInBlock(anvil, hash);
    },
    async depositElsewhere(...deposits) {
      for (const deposit of deposits) {
        const {publicKey, withdrawalCredentials, amount, signature} = deposit;
        const args = [publicKey, withdrawalCredentials, signature, depositDataRoot(deposit)];
        const wei = amount * 10n ** 9n;
        if (gno) {
          await gno.send("mint", [account, wei / 32n]);
          await gno.send("approve", [depositContract.address, wei / 32n]);
          await depositContract.send("deposit", [...args, wei / 32n]);
        } else await depositContract.send("deposit", args, {value: wei});
      }
    },
    async updateRewards({vault: of = vault, reward = 0n, unlockedMevReward = 0n, ipfsHash = "Qm"} = {}) {
      const [own, other] = [of.address, zeroAddress].map((address) => leafOf(address, reward, unlockedMevReward)) as [Hex, Hex];
      const rewardsRoot = keccak256(concat(own < other ? [own, other] : [other, own]));
      const nonce = await keeper.read<bigint>("rewardsNonce");
      const update = {rewardsRoot, rewardsIpfsHash: ipfsHash, avgRewardPerSecond: 0n, updateTimestamp: 1n};
      const needed = Number(await keeper.read<bigint>("rewardsMinOracles"));
      const signing = inOrder(oracleKeys.map((key) => ({...accountOf(key), key}))).slice(0, needed);
      const data = oracleMessages.rewards({chainId, address: keeper.address}, {...update, nonce});
      const signatures = await signTogether(
        signing.map(({key}) => key),
        data,
      );
      // Not twice in one second, even without a delay.
      await anvil.rpc("evm_increaseTime", 1);
      await keeper.send("updateRewards", [{...update, signatures}]);
      return {rewardsRoot, reward, unlockedMevReward, proof: [other]};
    },
    async setExcess(queue, requests) {
      await anvil.rpc("anvil_setStorageAt", requestQueues[queue], word(0n), word(BigInt(requests)));
    },
    async impersonate(address) {
      await anvil.rpc("anvil_impersonateAccount", address);
      await anvil.rpc("anvil_setBalance", address, `0x${(1000n * ether).toString(16)}`);
    },
  };
}

type Binding = {readonly abi: Abi; readonly address: Hex; readonly account: string};

/** Calls go from `account` unless they say from where. */
export function bindContract(anvil: Anvil, {abi, address, account}: Binding): DeployedContract {
  const toCall = (functionName: string, args: readonly unknown[], sending: Sending = {}) => ({
    ...sending,
    to: address,
    data: encodeFunctionData({abi, functionName, args}),
  });
  const why: DeployedContract["why"] = (name, args, sending) =>
    whyReverted(anvil, toCall(name, args, sending), sending?.from ?? account);
  return {
    address: getAddress(address),
    abi,
    async read<T>(functionName: string, ...args: readonly unknown[]) {
      const data = await anvil.rpc<Hex>("eth_call", {...toCall(functionName, args)}, "latest");
      return decodeFunctionResult({abi, functionName, args, data}) as T;
    },
    async send(name, args, sending) {
      try {
        return await sendTransaction(anvil, toCall(name, args, sending));
      } catch (cause) {
        throw new Error(`${name}: ${await why(name, args, sending)}`, {cause});
      }
    },
    why,
  };
}

/** Of 32 bytes in hex. */
export function depositDataRoot({publicKey, withdrawalCredentials, amount, signature}: Deposit): string {
  const data = {pubkey: fromHex(publicKey), withdrawalCredentials: fromHex(withdrawalCredentials), amount};
  return toHex(DepositData.hashTreeRoot({...data, signature: fromHex(signature)}));
}

const leafOf = (vault: string, reward: bigint, unlockedMevReward: bigint): Hex => {
  const types = [{type: "address"}, {type: "int160"}, {type: "uint160"}] as const;
  return keccak256(keccak256(encodeAbiParameters(types, [vault as Hex, reward, unlockedMevReward])));
};

const word = (value: bigint): string => `0x${value.toString(16).padStart(64, "0")}`;

/** The network puts these contracts there, not a transaction. */
async function placeQueue(anvil: Anvil, address: string, requestLength: bigint): Promise<void> {
  const code = await anvil.rpc("eth_getCode", await deployContract(anvil, "RequestQueue", [requestLength]), "latest");
  await anvil.rpc("anvil_setCode", address, code);
}
