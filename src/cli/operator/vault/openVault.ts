import type {Static} from "typebox";
import {type Approvals, createApprovals} from "../../../approvals/createApprovals.js";
import {readDepositData} from "../../../client/depositData.js";
import {networks} from "../../../consensus/networks.js";
import {DvtError} from "../../../errors.js";
import {connectExecution, type Execution} from "../../../execution/connectExecution.js";
import {type DepositContract, depositContractOf} from "../../../execution/depositContract.js";
import {createVaultChain} from "../../../execution/vaultChain.js";
import {parseEndpoints} from "../../../http/endpoints.js";
import {keeperOf} from "../../../oracles/keeperOf.js";
import type {ProtocolConfig} from "../../../oracles/protocolConfig.js";
import type {PlanParts} from "../../../registration/plan.js";
import {userPath} from "../../../runtime/userPath.js";
import {fetchHarvest} from "../../../vaults/fetchHarvest.js";
import {loadVaultRules} from "../../../vaults/loadVaultRules.js";
import type {VaultRules} from "../../../vaults/vaultRules.js";
import type {VaultEnv} from "../../env/vaultEnv.js";
import {type LiveFiles, openFiles} from "../../opening/liveFiles.js";
import {openOracles} from "../../opening/openOracles.js";
import {openRegistry} from "../../opening/openRegistry.js";
import type {StartContext} from "../../roleProcess.js";
import {findCandidates} from "./findCandidates.js";

/** What reading a vault needs. */
export type VaultOptions = StartContext & {
  readonly config: Readonly<Static<typeof VaultEnv>>;
  readonly env: NodeJS.ProcessEnv;
  /** 20 bytes in lower-case hex with 0x */
  readonly vault: string;
  readonly chosen: Pick<PlanParts["settings"], "validatorType" | "amounts" | "most">;
  /** false: accepts definitions without checking their hashes and signatures. */
  readonly verify: boolean;
};

/** A vault, and the files and nodes that say what may be registered for it. */
export type OpenVault = PlanParts & {
  readonly files: LiveFiles;
  readonly execution: Execution;
  readonly depositContract: DepositContract;
  readonly approvalsOf: (config: ProtocolConfig) => Approvals;
};

/** At least. */
export const secondsPerBlock = {mainnet: 12, hoodi: 12, gnosis: 5} as const;
const patience = {timeoutMs: 4000, laterMs: 250};

/** Opens a vault to read; VAULT_RULES_INVALID unless the rules name registering for it, and what its sources throw. */
export async function openVault(options: VaultOptions): Promise<OpenVault> {
  const {config, env, vault, chosen, logger, shutdown, waitFor, verify} = options;
  const {signal} = shutdown;
  const network = networks[config.NETWORK];
  const rules = await readRules(options);
  const files = await openFiles({config, env, logger, shutdown, waitFor, verify});
  const oracles = await openOracles(options);
  const registry = await openRegistry({...options, firstRead: "waits"});
  const execution = await waitFor("the execution node", () =>
    connectExecution(config.EXECUTION_ENDPOINT as string, {chain: network, signal, logger, ...patience}),
  );
  const depositContract = depositContractOf(network.name, config.DEPOSIT_CONTRACT);
  const keeper = keeperOf(network.name, config.KEEPER_CONTRACT);
  const {DEPOSIT_DATA_FILE: file} = config;
  const listedKeys = file === undefined ? undefined : await readDepositData(userPath(file, env), network);
  const gateways = parseEndpoints("IPFS_FETCH_ENDPOINTS", config.IPFS_FETCH_ENDPOINTS);
  return {
    network,
    files,
    execution,
    depositContract,
    oracles,
    registry,
    rules,
    vaultChain: createVaultChain(execution, {vault, keeper, depositContract, secondsPerBlock: secondsPerBlock[network.name]}),
    fetchHarvest: (rewards) => fetchHarvest(vault, rewards, {gateways, signal}),
    approvalsOf: (protocol) => createApprovals({config: protocol, keeper: keeper.address, chainId: network.chainId}),
    candidates: () => findCandidates(files.clusters.all, {operatorId: config.OPERATOR_ID, rules, listedKeys}),
    refused: new Map(),
    signed: new Map(),
    settings: {...chosen, keptGwei: Number(config.VAULT_MIN_BALANCE)},
  };
}

async function readRules({config, env, vault}: VaultOptions): Promise<VaultRules> {
  const path = userPath(config.VALIDATORS_MANAGER_RULES_FILE, env);
  const rules = (await loadVaultRules(path, {allowFullExits: false})).get(vault);
  if (rules?.operations.has("register")) return rules;
  throw new DvtError(
    "VAULT_RULES_INVALID",
    `read vault ${vault}: ${path} does not name ${rules ? "register for it" : "it"}; docs/configuration.md has the format`,
  );
}
