import type {Static} from "typebox";
import {type Approvals, createApprovals} from "../../../approvals/createApprovals.js";
import {type Network, networks} from "../../../consensus/networks.js";
import {connectExecution, type Execution} from "../../../execution/connectExecution.js";
import {type DepositContract, depositContractOf} from "../../../execution/depositContract.js";
import type {KeeperContract} from "../../../execution/keeper.js";
import {createVaultChain, type VaultChain} from "../../../execution/vaultChain.js";
import {keeperOf} from "../../../oracles/keeperOf.js";
import type {ConfiguredOracles} from "../../../oracles/liveOracles.js";
import type {ProtocolConfig} from "../../../oracles/protocolConfig.js";
import type {VaultNodesEnv} from "../../env/vaultEnv.js";
import {type LiveFiles, openFiles} from "../../opening/liveFiles.js";
import {openOracles} from "../../opening/openOracles.js";
import type {StartContext} from "../../roleProcess.js";

export type VaultNodesOptions = StartContext & {
  readonly config: Readonly<Static<typeof VaultNodesEnv>>;
  readonly env: NodeJS.ProcessEnv;
  /** 20 bytes in lower-case hex with 0x */
  readonly vault: string;
  /** false: accepts definitions without checking their hashes and signatures. */
  readonly verify: boolean;
};

/** A vault on its chain, the files that say whose validators there are, and the oracles. */
export type VaultNodes = {
  readonly network: Network;
  readonly files: LiveFiles;
  readonly oracles: ConfiguredOracles;
  readonly execution: Execution;
  readonly depositContract: DepositContract;
  readonly keeper: KeeperContract;
  readonly vaultChain: VaultChain;
  readonly approvalsOf: (config: ProtocolConfig) => Approvals;
};

/** At least. */
export const secondsPerBlock = {mainnet: 12, hoodi: 12, gnosis: 5} as const;
const patience = {timeoutMs: 4000, laterMs: 250};

/** Throws what its sources throw. */
export async function openVaultNodes(options: VaultNodesOptions): Promise<VaultNodes> {
  const {config, env, vault, logger, shutdown, waitFor, verify} = options;
  const {signal} = shutdown;
  const network = networks[config.NETWORK];
  const files = await openFiles({config, env, logger, shutdown, waitFor, verify});
  const oracles = await openOracles(options);
  const execution = await waitFor("the execution node", () =>
    connectExecution(config.EXECUTION_ENDPOINT as string, {chain: network, signal, logger, ...patience}),
  );
  const depositContract = depositContractOf(network.name, config.DEPOSIT_CONTRACT);
  const keeper = keeperOf(network.name, config.KEEPER_CONTRACT);
  return {
    network,
    files,
    oracles,
    execution,
    depositContract,
    keeper,
    vaultChain: createVaultChain(execution, {vault, keeper, depositContract, secondsPerBlock: secondsPerBlock[network.name]}),
    approvalsOf: (protocol) => createApprovals({config: protocol, keeper: keeper.address, chainId: network.chainId}),
  };
}
