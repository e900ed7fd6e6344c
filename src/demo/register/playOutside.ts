import type {Network} from "../../consensus/networks.js";
import {DvtError} from "../../errors.js";
import type {Shutdown} from "../../runtime/shutdown.js";
import {type Anvil, startAnvil} from "../../sandbox/chain/anvil.js";
import {startBeaconNode} from "../../sandbox/chain/beaconNode.js";
import {type PlayedIpfs, startIpfsGateway} from "../../sandbox/chain/ipfsGateway.js";
import {makeDeposit} from "../../sandbox/chain/makeDeposit.js";
import {accountOf} from "../../sandbox/chain/oracleMessages.js";
import {makeOracleKeys, type PlayedOracles, startOracles} from "../../sandbox/chain/oracles.js";
import {deployStakeWise, type StakeWise} from "../../sandbox/chain/stakeWise.js";

/** Everything outside of the system, played on this machine. */
export type PlayedOutside = {
  readonly network: Network;
  readonly anvil: Anvil;
  readonly stakeWise: StakeWise;
  readonly ipfs: PlayedIpfs;
  readonly oracles: PlayedOracles;
  /** Starts others, on the same chain, which the Keeper does not know yet. */
  playOracles(keys: readonly Uint8Array[]): Promise<PlayedOracles>;
  /** How many oracles recover an exit. */
  readonly threshold: number;
  /** In lower-case hex with 0x. */
  readonly vault: string;
  /** The keys of the vault's manager and of the wallet that pays, 32 bytes each. */
  readonly managerKey: Uint8Array;
  readonly walletKey: Uint8Array;
  /** Rejects with DEMO_FAILED when the chain ends by itself. */
  readonly endedEarly: Promise<never>;
  /** For every command: where all of it is. */
  readonly env: Readonly<Record<string, string>>;
};
type Options = {
  readonly network: Network;
  readonly oracleCount: number;
  readonly threshold: number;
  /** For how many validators of 32 ETH (1 GNO) the vault has assets. */
  readonly stakes: number;
  /** The most validators of a transaction. */
  readonly batchLimit: number;
};

const ether = 10n ** 18n;
const othersCount = 3;

/** What one validator takes from a vault, in wei. */
export const stakeOf = ({name}: Network): bigint => (name === "gnosis" ? ether : 32n * ether);
/** What so many validators take: "96 ETH", "3 GNO". */
export const coinText = (network: Network, stakes: number): string =>
  `${(BigInt(stakes) * stakeOf(network)) / ether} ${network.name === "gnosis" ? "GNO" : "ETH"}`;

/** Starts a chain with a vault, the oracles, a beacon node and an IPFS gateway, all on loopback, until the shutdown. */
export async function playOutside(
  {network, oracleCount, threshold, stakes, batchLimit}: Options,
  {onStop, signal}: Shutdown,
): Promise<PlayedOutside> {
  const anvil = await startAnvil({chainId: network.chainId});
  onStop(anvil.stop);
  signal.throwIfAborted();
  const [managerKey, walletKey] = makeOracleKeys(2) as [Uint8Array, Uint8Array];
  const oracleKeys = makeOracleKeys(oracleCount);
  const stakeWise = await deployStakeWise(anvil, {
    oracleKeys,
    minOracles: threshold,
    manager: accountOf(managerKey).address,
    isGnosis: network.name === "gnosis",
  });
  const vault = stakeWise.vault.address.toLowerCase();
  // A network has validators before ours.
  await stakeWise.depositElsewhere(...Array.from({length: othersCount}, () => makeDeposit(network)));
  await stakeWise.fund(BigInt(stakes) * stakeOf(network));
  await anvil.rpc("anvil_setBalance", accountOf(walletKey).address, `0x${ether.toString(16)}`);
  const ipfs = await startIpfsGateway();
  onStop(ipfs.stop);
  const limits = {approvalLimit: batchLimit, rotationLimit: batchLimit};
  const world = {anvil, stakeWise, network, threshold, upload: ipfs.add, ...limits};
  const playOracles = async (keys: readonly Uint8Array[]): Promise<PlayedOracles> => {
    const started = await startOracles({...world, keys});
    onStop(started.stop);
    return started;
  };
  const oracles = await playOracles(oracleKeys);
  const {rules} = oracles;
  const beacon = await startBeaconNode(network, async () => {
    // Real nodes take hours to activate a deposit.
    const deposits = await rules.firstDeposits();
    return {
      validators: deposits.map(({publicKey}) => publicKey),
      pending: [],
      withdrawals: Object.fromEntries(deposits.map((it) => [it.publicKey, it.withdrawalCredentials])),
    };
  });
  onStop(beacon.stop);
  await stakeWise.keeper.send("updateConfig", [await ipfs.add(JSON.stringify(oracles.config))]);
  // From here on a transaction waits for its block, as on a real chain.
  await anvil.rpc("evm_setIntervalMining", 1);
  const endedEarly = toFailure(anvil);
  endedEarly.catch(() => {});
  return {
    network,
    threshold,
    endedEarly,
    anvil,
    stakeWise,
    ipfs,
    oracles,
    playOracles,
    vault,
    managerKey,
    walletKey,
    env: {
      EXECUTION_ENDPOINT: anvil.url,
      CONSENSUS_ENDPOINT: beacon.url,
      IPFS_FETCH_ENDPOINTS: ipfs.url,
      KEEPER_CONTRACT: stakeWise.keeper.address.toLowerCase(),
      ORACLES_REFRESH: "1s",
      ALLOW_ROTATION: "true",
    },
  };
}

const toFailure = async ({ended, output}: Anvil): Promise<never> => {
  const code = await ended;
  throw new DvtError("DEMO_FAILED", `anvil ended (${code}):\n${output()}`);
};
