import type {Static} from "typebox";
import {createApprovals} from "../../../approvals/createApprovals.js";
import {readDepositData} from "../../../client/depositData.js";
import {requestExits} from "../../../client/requestExits.js";
import {networks} from "../../../consensus/networks.js";
import {DvtError} from "../../../errors.js";
import {connectExecution} from "../../../execution/connectExecution.js";
import {depositContractOf} from "../../../execution/depositContract.js";
import {createVaultChain} from "../../../execution/vaultChain.js";
import {createVaultContracts} from "../../../execution/vaultContracts.js";
import {createVaultSigner} from "../../../execution/vaultSignature.js";
import {createWallet} from "../../../execution/wallet.js";
import {parseEndpoints} from "../../../http/endpoints.js";
import {loadEthereumKey} from "../../../keys/ethereumKeystore.js";
import {keeperOf} from "../../../oracles/keeperOf.js";
import {openClaim} from "../../../registration/openClaim.js";
import {createReadyExits} from "../../../registration/readyExits.js";
import type {RegistrationParts, RegistrationSettings} from "../../../registration/registrationParts.js";
import type {Tell} from "../../../registration/steps.js";
import {parseDurationMs} from "../../../runtime/duration.js";
import {userPath} from "../../../runtime/userPath.js";
import {createValidatorsManager} from "../../../vaults/createValidatorsManager.js";
import {fetchHarvest} from "../../../vaults/fetchHarvest.js";
import {loadVaultRules} from "../../../vaults/loadVaultRules.js";
import type {VaultRules} from "../../../vaults/vaultRules.js";
import type {RegisterEnv} from "../../env/vaultEnv.js";
import {connectAs} from "../../opening/connectAs.js";
import {openFiles} from "../../opening/liveFiles.js";
import {openOracles} from "../../opening/openOracles.js";
import {openRegistry} from "../../opening/openRegistry.js";
import type {StartContext} from "../../roleProcess.js";

type Options = StartContext & {
  readonly config: Readonly<Static<typeof RegisterEnv>>;
  readonly env: NodeJS.ProcessEnv;
  /** 20 bytes in lower-case hex with 0x */
  readonly vault: string;
  readonly chosen: Pick<RegistrationSettings, "validatorType" | "amounts" | "most">;
  /** How long exits are waited for. */
  readonly timeoutMs: number;
  /** How long another process's claim of the vault is waited for. */
  readonly waitMs: number;
  readonly verify: boolean;
  readonly tell: Tell;
  readonly confirm: RegistrationParts["confirm"];
};

/** Gwei that a transaction pays at most for a unit of gas, as StakeWise's operator has it. */
const feeLimits = {mainnet: 10n, hoodi: 10n, gnosis: 2n} as const;
const secondsPerBlock = {mainnet: 12, hoodi: 12, gnosis: 5} as const;
/** How many indexes beyond the next ones have their exits ahead. */
const aheadOf = 8;
const patience = {timeoutMs: 4000, laterMs: 250};

/** Opens everything that registering works with; what it needs is in docs/configuration.md. */
export async function openRegistration(options: Options): Promise<RegistrationParts> {
  const {config, env, vault, chosen, logger, shutdown, waitFor, verify, tell, confirm} = options;
  const {signal} = shutdown;
  const network = networks[config.NETWORK];
  const rules = await readRules(options);
  const files = await openFiles({config, env, logger, shutdown, waitFor, verify});
  const participants = files.participants();
  const operatorId = config.OPERATOR_ID;
  const oracles = await openOracles(options);
  const registry = await openRegistry({...options, firstRead: "waits"});
  const endpoints = config.EXECUTION_ENDPOINT as string;
  const execution = await waitFor("the execution node", () =>
    connectExecution(endpoints, {chain: network, signal, logger, ...patience}),
  );
  const depositContract = depositContractOf(network.name, config.DEPOSIT_CONTRACT);
  const keeper = keeperOf(network.name, config.KEEPER_CONTRACT);
  const {walletKey, managerKey} = await loadKeys(options);
  const wallet = createWallet(execution, walletKey, network.chainId);
  const manager = createValidatorsManager({
    signer: createVaultSigner(managerKey, network.chainId),
    contracts: createVaultContracts(execution, depositContract),
    rules: new Map([[vault, rules]]),
    chain: undefined,
  });
  walletKey.fill(0);
  managerKey.fill(0);
  const listed = participants.operators.find(({id}) => id === operatorId);
  const bus = await connectAs(`operator-${operatorId}`, listed?.nkey, {participants, config, env, logger, waitFor});
  shutdown.onStop(bus.close);
  const claim = await openClaim(bus, {network: network.name, vault, operatorId, logger, signal, waitMs: options.waitMs});
  shutdown.onStop(claim.release);
  claim.lost.addEventListener("abort", () => shutdown.fail(claim.lost.reason), {once: true});
  files.attach(bus, (now) => now.operators.find(({id}) => id === operatorId)?.nkey);
  // An operator holds no exits of others: its definitions may change at any time.
  files.follow({findHeld: async () => []});

  const listedKeys =
    config.DEPOSIT_DATA_FILE === undefined ? undefined : await readDepositData(userPath(config.DEPOSIT_DATA_FILE, env), network);
  const candidates = (): string[] => {
    const ours = files.clusters.all.filter(({id, operatorIds}) => operatorIds.includes(operatorId) && rules.clusters.has(id));
    const known = new Set(ours.flatMap(({validators}) => [...validators.keys()]));
    // Only what a verified definition names: a key of anybody else would be somebody else's validator.
    return (listedKeys ?? [...known]).filter((key) => known.has(key));
  };
  const readyExits = createReadyExits({
    network,
    ahead: aheadOf,
    logger,
    request: (validators, stopped) =>
      requestExits({
        bus,
        network,
        operatorId,
        aggregatorNkey: files.participants().aggregator.nkey,
        oracles,
        validators,
        timeoutMs: options.timeoutMs,
        resendAfterMs: parseDurationMs(config.RESEND_AFTER),
        signal: AbortSignal.any([signal, stopped]),
        logger,
      }),
  });
  shutdown.onStop(readyExits.stop);
  const gateways = parseEndpoints("IPFS_FETCH_ENDPOINTS", config.IPFS_FETCH_ENDPOINTS);
  return {
    network,
    vaultChain: createVaultChain(execution, {vault, keeper, depositContract}),
    fetchHarvest: (rewards) => fetchHarvest(vault, rewards, {gateways, signal}),
    registry,
    readyExits,
    oracles,
    approvalsOf: (protocol) => createApprovals({config: protocol, keeper: keeper.address, chainId: network.chainId}),
    manager,
    wallet,
    rules,
    candidates,
    refused: new Map(),
    signed: new Map(),
    journal: {read: async () => claim.pending, write: claim.write},
    tell,
    confirm,
    settings: {
      ...chosen,
      keptGwei: Number(config.VAULT_MIN_BALANCE),
      maxFeePerGas: BigInt(config.MAX_FEE_PER_GAS ?? feeLimits[network.name]) * 1_000_000_000n,
      depth: 2,
      stuckMs: 3 * secondsPerBlock[network.name] * 1000,
      patienceMs: options.timeoutMs,
      idleMs: secondsPerBlock[network.name] * 1000,
      lookMs: 500,
    },
  };
}

async function readRules({config, env, vault}: Options): Promise<VaultRules> {
  const path = userPath(config.VALIDATORS_MANAGER_RULES_FILE, env);
  const rules = (await loadVaultRules(path, {allowFullExits: false})).get(vault);
  if (rules?.operations.has("register")) return rules;
  throw new DvtError(
    "VAULT_RULES_INVALID",
    `register validators: ${path} does not name ${rules ? `register for vault ${vault}` : `vault ${vault}`}; docs/configuration.md has the format`,
  );
}

/** The wallet's key, and the manager's: without one of its own, the wallet is the manager. 32 bytes each, for the caller to erase. */
async function loadKeys({config, env}: Options): Promise<{walletKey: Uint8Array; managerKey: Uint8Array}> {
  const allowExposed = config.ALLOW_EXPOSED_KEY_FILES === "true";
  const load = (keyFile: string, passwordFile: string): Promise<Uint8Array> =>
    loadEthereumKey({keyFile: userPath(keyFile, env), passwordFile: userPath(passwordFile, env), allowExposed});
  const walletKey = await load(config.WALLET_KEY_FILE, config.WALLET_PASSWORD_FILE);
  const {VALIDATORS_MANAGER_KEY_FILE: file, VALIDATORS_MANAGER_PASSWORD_FILE: passwordFile} = config;
  const hasOwn = file !== undefined && passwordFile !== undefined;
  return {walletKey, managerKey: hasOwn ? await load(file, passwordFile) : walletKey.slice()};
}
