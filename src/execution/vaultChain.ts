import {
  AbiDecodingZeroDataError,
  type Address,
  BaseError,
  type Client,
  decodeFunctionResult,
  encodeFunctionData,
  getAbiItem,
  type Hex,
  parseEventLogs,
} from "viem";
import {call, getTransactionReceipt, readContract} from "viem/actions";
import {DvtError} from "../errors.js";
import type {Execution} from "./connectExecution.js";
import type {DepositContract} from "./depositContract.js";
import {EndpointError} from "./failure.js";
import {type ChainBlock, readLatest} from "./heads.js";
import type {KeeperContract} from "./keeper.js";
import type {ExecutionNode} from "./node.js";
import {revertOf} from "./reverts.js";
import {findLastLog, scanRange} from "./scanLogs.js";
import {depositAbi, keeperAbi, vaultAbi} from "./stakeWiseAbi.js";

/** The vault's part of the rewards of a Keeper's update; amounts in wei, `proof` against `rewardsRoot`. All hex with 0x. */
export type Harvest = {
  readonly rewardsRoot: string;
  readonly reward: bigint;
  readonly unlockedMevReward: bigint;
  readonly proof: readonly string[];
};

/** A vault as of one block. */
export type VaultView = {
  readonly block: ChainBlock;
  readonly version: number;
  /** 20 bytes in lower-case hex with 0x */
  readonly validatorsManager: string;
  /** In wei (GNO on Gnosis), after the harvest if one was given. */
  readonly withdrawableAssets: bigint;
  /** How many oracles have to sign. */
  readonly validatorsMinOracles: number;
  /** 32 bytes in hex with 0x */
  readonly depositRoot: string;
};

/** What the Keeper says of the vault's exits, as of the latest block. */
export type RotationView = {
  /** Its `exitSignaturesNonces`: a rotation is approved for one, and raises it. */
  readonly nonce: bigint;
  /** How many oracles have to sign. */
  readonly validatorsMinOracles: number;
};

/** Where the Keeper's last rewards are, for a vault that has not taken them yet. */
export type PendingRewards = {readonly rewardsRoot: string; readonly ipfsHash: string};

/** What is read of one vault and its Keeper; EXECUTION_UNAVAILABLE, EXECUTION_CHAIN_MISMATCH. Addresses in lower-case hex with 0x. */
export type VaultChain = {
  readonly vault: string;
  /** Undefined if the vault has taken all rewards. */
  findRewards(): Promise<PendingRewards | undefined>;
  /** VAULT_INVALID if there is no vault at the address. */
  readVersion(): Promise<number>;
  readRotation(): Promise<RotationView>;
  /** The block of the vault's last rotation of exits, by the Keeper's `ExitSignaturesUpdated`; undefined: there was none. */
  findRotation(): Promise<number | undefined>;
  /** Reads everything at the latest block. VAULT_INVALID if there is no such vault, or it refuses the harvest. */
  read(harvest: Harvest | undefined): Promise<VaultView>;
  /** 32 bytes in hex with 0x, as of the latest block. */
  readDepositRoot(): Promise<string>;
  /** What the vault registered within so many seconds, up to the latest block: public keys in lower-case hex with 0x. */
  readRegistered(withinS: number): Promise<readonly RegisteredKey[]>;
  /** What the vault registered in one transaction, by its own events: public keys in lower-case hex with 0x. */
  readRegisteredBy(hash: string): Promise<readonly string[]>;
  /** What the vault topped up, likewise. */
  readToppedUp(withinS: number): Promise<readonly ToppedUpKey[]>;
};

/** `gwei` is undefined for a 0x01 validator, which always has 32 ETH. */
export type RegisteredKey = {readonly publicKey: string; readonly gwei: number | undefined};

/** `ageS`: how long ago at least. */
export type ToppedUpKey = {readonly publicKey: string; readonly gwei: number; readonly ageS: number};

type Contracts = {
  /** 20 bytes in lower-case hex with 0x */
  readonly vault: string;
  readonly keeper: KeeperContract;
  readonly depositContract: Pick<DepositContract, "address">;
  /** At least, on this network. */
  readonly secondsPerBlock: number;
};

export function createVaultChain({run}: Execution, {vault, keeper, depositContract, secondsPerBlock}: Contracts): VaultChain {
  const ofVault = {address: vault as Address, abi: vaultAbi} as const;
  const ofKeeper = {address: keeper.address as Address, abi: keeperAbi} as const;
  const ofDeposits = {address: depositContract.address as Address, abi: depositAbi} as const;

  const readRoot = ({ask}: Reader) =>
    ask("get_deposit_root", (client, at) => readContract(client, {...ofDeposits, functionName: "get_deposit_root", ...at}));
  const readVersion = ({ask}: Reader) =>
    ask("version", (client, at) => readContract(client, {...ofVault, functionName: "version", ...at}));
  const readMinOracles = ({ask}: Reader) =>
    ask("validatorsMinOracles", (client, at) => readContract(client, {...ofKeeper, functionName: "validatorsMinOracles", ...at}));
  const readRotations = ({ask}: Reader) =>
    ask("exitSignaturesNonces", (client, at) =>
      readContract(client, {...ofKeeper, functionName: "exitSignaturesNonces", args: [ofVault.address], ...at}),
    );
  const readAssets = async ({ask}: Reader, harvest: Harvest | undefined): Promise<bigint> => {
    const data = encodeFunctionData({abi: vaultAbi, functionName: "withdrawableAssets"});
    // The vault's own multicall: its later calls see what the harvest changed.
    const calls = [...(harvest ? [encodeUpdateState(harvest)] : []), data];
    const results = await ask("withdrawableAssets", async (client, at) => {
      const multicall = encodeFunctionData({abi: vaultAbi, functionName: "multicall", args: [calls]});
      const answer = await call(client, {to: ofVault.address, data: multicall, ...at});
      return decodeFunctionResult({abi: vaultAbi, functionName: "multicall", data: answer.data ?? "0x"});
    });
    return decodeFunctionResult({abi: vaultAbi, functionName: "withdrawableAssets", data: results.at(-1) ?? "0x"});
  };

  return {
    vault,
    findRewards: () =>
      run(async (node) => {
        const {number} = await readLatest(node);
        const {ask} = readerAt(node, number);
        const isPending = await ask("canHarvest", (client, at) =>
          readContract(client, {...ofKeeper, functionName: "canHarvest", args: [ofVault.address], ...at}),
        );
        if (!isPending) return undefined;
        const log = await findLastLog(node, {
          address: ofKeeper.address,
          events: [rewardsUpdated],
          fromBlock: keeper.firstBlock,
          lastBlock: number,
        });
        if (!log)
          throw new EndpointError(node.host, `it has no rewards of the Keeper ${keeper.address}: has it dropped old logs?`);
        return {rewardsRoot: log.args.rewardsRoot, ipfsHash: log.args.rewardsIpfsHash};
      }),
    readVersion: () => run(async (node) => readVersion(readerAt(node, (await readLatest(node)).number))),
    readRotation: () =>
      run(async (node) => {
        const reader = readerAt(node, (await readLatest(node)).number);
        const [nonce, minOracles] = await Promise.all([readRotations(reader), readMinOracles(reader)]);
        return {nonce, validatorsMinOracles: Number(minOracles)};
      }),
    findRotation: () =>
      run(async (node) => {
        const {number} = await readLatest(node);
        // Most vaults never had one, and the search would go back to the Keeper's first block.
        if ((await readRotations(readerAt(node, number))) === 0n) return undefined;
        const log = await findLastLog(node, {
          address: ofKeeper.address,
          events: [exitSignaturesUpdated],
          isWanted: ({args}) => args.vault.toLowerCase() === vault,
          fromBlock: keeper.firstBlock,
          lastBlock: number,
        });
        return log && Number(log.blockNumber);
      }),
    read: (harvest) =>
      run(async (node) => {
        const block = await readLatest(node);
        const reader = readerAt(node, block.number);
        const {ask} = reader;
        const [version, manager, withdrawableAssets, minOracles, depositRoot] = await Promise.all([
          readVersion(reader),
          ask("validatorsManager", (client, at) => readContract(client, {...ofVault, functionName: "validatorsManager", ...at})),
          readAssets(reader, harvest),
          readMinOracles(reader),
          readRoot(reader),
        ]);
        const validatorsManager = manager.toLowerCase();
        return {block, version, validatorsManager, withdrawableAssets, validatorsMinOracles: Number(minOracles), depositRoot};
      }),
    readDepositRoot: () => run(async (node) => readRoot(readerAt(node, (await readLatest(node)).number))),
    readToppedUp: (withinS) =>
      run(async (node) => {
        const {number} = await readLatest(node);
        const toppedUp: ToppedUpKey[] = [];
        await scanRange(node, {
          address: ofVault.address,
          events: [validatorFunded],
          fromBlock: Math.max(number - Math.ceil(withinS / secondsPerBlock), 0),
          lastBlock: number,
          onPage: async ({logs}) => {
            for (const {args, blockNumber} of logs) {
              const gwei = Number(args.amount / 1_000_000_000n);
              const ageS = (number - Number(blockNumber)) * secondsPerBlock;
              toppedUp.push({publicKey: args.publicKey.toLowerCase(), gwei, ageS});
            }
          },
        });
        return toppedUp;
      }),
    readRegisteredBy: (hash) =>
      run(async (node) => {
        const receipt = await node.ask((client) => getTransactionReceipt(client, {hash: hash as Hex}));
        const logs = receipt.logs.filter(({address}) => address.toLowerCase() === vault);
        return parseEventLogs({abi: [validatorRegistered, v2ValidatorRegistered], logs}).map(({args}) =>
          args.publicKey.toLowerCase(),
        );
      }),
    readRegistered: (withinS) =>
      run(async (node) => {
        const {number} = await readLatest(node);
        const registered: RegisteredKey[] = [];
        await scanRange(node, {
          address: ofVault.address,
          events: [validatorRegistered, v2ValidatorRegistered],
          fromBlock: Math.max(number - Math.ceil(withinS / secondsPerBlock), 0),
          lastBlock: number,
          onPage: async ({logs}) => {
            for (const {eventName, args} of logs) {
              const gwei = eventName === "V2ValidatorRegistered" ? Number(args.amount / 1_000_000_000n) : undefined;
              registered.push({publicKey: args.publicKey.toLowerCase(), gwei});
            }
          },
        });
        return registered;
      }),
  };
}

export const encodeUpdateState = ({rewardsRoot, reward, unlockedMevReward, proof}: Harvest): Hex =>
  encodeFunctionData({
    abi: vaultAbi,
    functionName: "updateState",
    args: [{rewardsRoot: rewardsRoot as Hex, reward, unlockedMevReward, proof: proof as Hex[]}],
  });

const rewardsUpdated = getAbiItem({abi: keeperAbi, name: "RewardsUpdated"});
const exitSignaturesUpdated = getAbiItem({abi: keeperAbi, name: "ExitSignaturesUpdated"});
const validatorRegistered = getAbiItem({abi: vaultAbi, name: "ValidatorRegistered"});
const v2ValidatorRegistered = getAbiItem({abi: vaultAbi, name: "V2ValidatorRegistered"});
const validatorFunded = getAbiItem({abi: vaultAbi, name: "ValidatorFunded"});

type Reader = ReturnType<typeof readerAt>;

/** Asks contracts at one block of one node; VAULT_INVALID if a contract refuses the call, or is none. */
function readerAt(node: ExecutionNode, block: number) {
  const at = {blockNumber: BigInt(block)};
  return {
    async ask<T>(what: string, question: (client: Client, at: {blockNumber: bigint}) => Promise<T>): Promise<T> {
      const answer = await node.ask((client) => question(client, at).catch(orRefusal));
      if (!(answer instanceof Refusal)) return answer;
      throw new DvtError("VAULT_INVALID", `read ${what} at block ${block}: the contract refuses: ${answer.reason}`);
    },
  };
}

/** A value, so that an endpoint is not blamed for it. */
class Refusal {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

function orRefusal(error: unknown): Refusal {
  const reverted = revertOf(error);
  if (reverted) return new Refusal(reverted.revert);
  const isNone = error instanceof BaseError && error.walk((it) => it instanceof AbiDecodingZeroDataError) !== null;
  if (isNone) return new Refusal("there is no such contract");
  throw error;
}
