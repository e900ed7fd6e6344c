import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {createApprovals} from "../../src/approvals/createApprovals.js";
import {secondsPerBlock} from "../../src/cli/operator/vault/openVaultNodes.js";
import type {Network} from "../../src/consensus/networks.js";
import {connectExecution} from "../../src/execution/connectExecution.js";
import {createVaultChain} from "../../src/execution/vaultChain.js";
import {createVaultContracts} from "../../src/execution/vaultContracts.js";
import {createVaultSigner, type VaultSigner} from "../../src/execution/vaultSignature.js";
import {createWallet} from "../../src/execution/wallet.js";
import {fixedConfig} from "../../src/oracles/liveOracles.js";
import type {OraclesConfig} from "../../src/oracles/oracleSet.js";
import {createReadyExits} from "../../src/registration/readyExits.js";
import type {RegistrationParts, RegistrationSettings} from "../../src/registration/registrationParts.js";
import {openDepositRegistry} from "../../src/registry/depositRegistry.js";
import type {Logger} from "../../src/runtime/logger.js";
import type {Anvil} from "../../src/sandbox/chain/anvil.js";
import type {StakeWise} from "../../src/sandbox/chain/stakeWise.js";
import {createValidatorsManager} from "../../src/vaults/createValidatorsManager.js";
import {fetchHarvest} from "../../src/vaults/fetchHarvest.js";

/** The validators manager of vaults of tests. */
export const managerOf = ({chainId}: Network): VaultSigner => createVaultSigner(new Uint8Array(32).fill(9), chainId);
/** Of the wallet that pays. */
export const walletKey = new Uint8Array(32).fill(8);

type Chain = {readonly anvil: Anvil; readonly stakeWise: StakeWise};
type Options = Pick<RegistrationParts, "network" | "rules" | "journal" | "tell"> & {
  readonly config: OraclesConfig;
  /** IPFS gateways. */
  readonly gateways?: readonly URL[];
  /** Those that may be registered. */
  readonly publicKeys: readonly string[];
  /** Where exits come from, and how many ahead. */
  readonly request: Parameters<typeof createReadyExits>[0]["request"];
  readonly ahead: number;
  readonly topUpSource?: RegistrationParts["topUpSource"] | undefined;
  readonly settings?: Partial<RegistrationSettings>;
  readonly logger: Logger;
  /** Of whoever ends it: a test, or a benchmark. */
  readonly onStop: (stop: () => void | Promise<void>) => void;
};

const ether = 10n ** 18n;

/** What registers validators of the vault on this chain, as the command opens it, but without a bus. */
export async function openRegistrationParts({anvil, stakeWise}: Chain, options: Options): Promise<RegistrationParts> {
  const {topUpSource = {whyNot: "the vault's rules do not name fund"}} = options;
  const {network, config, rules, gateways = [], publicKeys, request, ahead, journal, tell, settings, logger, onStop} = options;
  const {vault} = rules;
  const controller = new AbortController();
  onStop(() => controller.abort());
  const {signal} = controller;
  const execution = await connectExecution(anvil.url, {chain: network, signal, logger, laterMs: 10});
  const depositContract = {address: stakeWise.depositContract.address.toLowerCase()};
  const keeper = {address: stakeWise.keeper.address.toLowerCase(), firstBlock: 0};
  const folder = await mkdtemp(join(tmpdir(), "dvt-registration-"));
  onStop(() => rm(folder, {recursive: true, force: true}));
  const registry = await openDepositRegistry({
    endpoints: anvil.url,
    network,
    contract: depositContract.address,
    checkpointFile: join(folder, "registry.jsonl"),
    logger,
    signal,
    onLost: () => {},
  });
  onStop(() => registry.close());
  const wallet = createWallet(execution, walletKey, network.chainId);
  await anvil.rpc("anvil_setBalance", wallet.address, `0x${(10n * ether).toString(16)}`);
  const readyExits = createReadyExits({network, ahead, logger, request});
  onStop(() => readyExits.stop());
  return {
    network,
    vaultChain: createVaultChain(execution, {vault, keeper, depositContract, secondsPerBlock: secondsPerBlock[network.name]}),
    fetchHarvest: (rewards) => fetchHarvest(vault, rewards, {gateways, signal}),
    registry,
    readyExits,
    oracles: fixedConfig(config),
    approvalsOf: (it) => createApprovals({config: it, keeper: keeper.address, chainId: network.chainId}),
    manager: createValidatorsManager({
      signer: managerOf(network),
      contracts: createVaultContracts(execution, depositContract),
      rules: new Map([[vault, rules]]),
      chain: undefined,
    }),
    wallet,
    rules,
    candidates: () => publicKeys,
    topUpSource,
    refused: new Map(),
    signed: new Map(),
    journal,
    tell,
    confirm: async () => true,
    confirmTopUps: async () => true,
    settings: {
      validatorType: "0x02",
      keptGwei: 0,
      maxFeePerGas: 10n ** 11n,
      depth: 1,
      stuckMs: 60_000,
      patienceMs: 20_000,
      idleMs: 1000,
      lookMs: 20,
      ...settings,
    },
  };
}
