import type {Static} from "typebox";
import {type Approvals, createApprovals} from "../../../approvals/createApprovals.js";
import {type Network, networks} from "../../../consensus/networks.js";
import {DvtError} from "../../../errors.js";
import {connectExecution, type Execution} from "../../../execution/connectExecution.js";
import {type DepositContract, depositContractOf} from "../../../execution/depositContract.js";
import {createVaultChain, type VaultChain} from "../../../execution/vaultChain.js";
import {keeperOf} from "../../../oracles/keeperOf.js";
import type {ConfiguredOracles} from "../../../oracles/liveOracles.js";
import type {ProtocolConfig} from "../../../oracles/protocolConfig.js";
import {userPath} from "../../../runtime/userPath.js";
import {loadVaultRules} from "../../../vaults/loadVaultRules.js";
import type {VaultOperation, VaultRules} from "../../../vaults/vaultRules.js";
import type {VaultReaderEnv} from "../../env/vaultEnv.js";
import {type LiveFiles, openFiles} from "../../opening/liveFiles.js";
import {openOracles} from "../../opening/openOracles.js";
import type {StartContext} from "../../roleProcess.js";

/** What reading a vault needs. */
export type VaultReaderOptions = StartContext & {
  readonly config: Readonly<Static<typeof VaultReaderEnv>>;
  readonly env: NodeJS.ProcessEnv;
  /** 20 bytes in lower-case hex with 0x */
  readonly vault: string;
  /** What the rules have to name. */
  readonly operation: VaultOperation;
  /** Whether withdrawals may exit validators. */
  readonly allowFullExits: boolean;
  /** false: accepts definitions without checking their hashes and signatures. */
  readonly verify: boolean;
};

/** A vault on its chain, the rules for it, the files that say whose validators there are, and the oracles. */
export type VaultReader = {
  readonly network: Network;
  readonly rules: VaultRules;
  readonly files: LiveFiles;
  readonly oracles: ConfiguredOracles;
  readonly execution: Execution;
  readonly depositContract: DepositContract;
  readonly vaultChain: VaultChain;
  readonly approvalsOf: (config: ProtocolConfig) => Approvals;
};

/** At least. */
export const secondsPerBlock = {mainnet: 12, hoodi: 12, gnosis: 5} as const;
const patience = {timeoutMs: 4000, laterMs: 250};

/** VAULT_RULES_INVALID unless the rules name the operation for the vault, and what its sources throw. */
export async function openVaultReader(options: VaultReaderOptions): Promise<VaultReader> {
  const {config, env, vault, logger, shutdown, waitFor, verify} = options;
  const {signal} = shutdown;
  const network = networks[config.NETWORK];
  const rules = await readRules(options);
  const files = await openFiles({config, env, logger, shutdown, waitFor, verify});
  const oracles = await openOracles(options);
  const execution = await waitFor("the execution node", () =>
    connectExecution(config.EXECUTION_ENDPOINT as string, {chain: network, signal, logger, ...patience}),
  );
  const depositContract = depositContractOf(network.name, config.DEPOSIT_CONTRACT);
  const keeper = keeperOf(network.name, config.KEEPER_CONTRACT);
  return {
    network,
    rules,
    files,
    oracles,
    execution,
    depositContract,
    vaultChain: createVaultChain(execution, {vault, keeper, depositContract, secondsPerBlock: secondsPerBlock[network.name]}),
    approvalsOf: (protocol) => createApprovals({config: protocol, keeper: keeper.address, chainId: network.chainId}),
  };
}

async function readRules({config, env, vault, operation, allowFullExits}: VaultReaderOptions): Promise<VaultRules> {
  const path = userPath(config.VALIDATORS_MANAGER_RULES_FILE, env);
  const rules = (await loadVaultRules(path, {allowFullExits})).get(vault);
  if (rules?.operations.has(operation)) return rules;
  throw new DvtError(
    "VAULT_RULES_INVALID",
    `read vault ${vault}: ${path} does not name ${rules ? `${operation} for it` : "it"}; docs/configuration.md has the format`,
  );
}
