import type {Static} from "typebox";
import type {Network} from "../../consensus/networks.js";
import type {Execution} from "../../execution/connectExecution.js";
import type {DepositContract} from "../../execution/depositContract.js";
import type {TransactionLimits} from "../../execution/followTransaction.js";
import {createVaultContracts} from "../../execution/vaultContracts.js";
import {createVaultSigner, type VaultSigner} from "../../execution/vaultSignature.js";
import {createWallet, type Wallet} from "../../execution/wallet.js";
import {loadEthereumKey} from "../../keys/ethereumKeystore.js";
import {userPath} from "../../runtime/userPath.js";
import type {ChainValidators} from "../../vaults/chainValidators.js";
import {createValidatorsManager} from "../../vaults/createValidatorsManager.js";
import type {ValidatorsManager} from "../../vaults/validatorsManager.js";
import type {VaultRules} from "../../vaults/vaultRules.js";
import type {AccountsEnv, WalletEnv} from "../env/vaultEnv.js";
import {secondsPerBlock} from "./vault/openVaultNodes.js";

type Exposure = {readonly ALLOW_EXPOSED_KEY_FILES: string};
type WalletConfig = Readonly<Omit<Static<typeof WalletEnv>, "CLAIM_LEASE">> & Exposure;
type WalletOptions = {
  readonly config: WalletConfig;
  readonly env: NodeJS.ProcessEnv;
  readonly network: Network;
  readonly execution: Execution;
};
type Options = WalletOptions & {
  readonly config: Readonly<Static<typeof AccountsEnv>> & Exposure;
  readonly depositContract: DepositContract;
  readonly rules: VaultRules;
  /** Needed for operations on registered validators. */
  readonly chain: ChainValidators | undefined;
};

/** The wallet that pays. */
export async function openWallet({network, execution, ...files}: WalletOptions): Promise<Wallet> {
  const key = await loadWalletKey(files);
  const wallet = createWallet(execution, key, network.chainId);
  key.fill(0);
  return wallet;
}

/** The wallet that pays, and the vault's validators manager: without a key of its own, the wallet. */
export async function openAccounts(options: Options): Promise<{readonly wallet: Wallet; readonly manager: ValidatorsManager}> {
  const {network, execution, depositContract, rules, chain} = options;
  const walletKey = await loadWalletKey(options);
  const wallet = createWallet(execution, walletKey, network.chainId);
  const managerKey = (await loadManagerKey(options)) ?? walletKey;
  const manager = createValidatorsManager({
    signer: createVaultSigner(managerKey, network.chainId),
    contracts: createVaultContracts(execution, depositContract),
    rules: new Map([[rules.vault, rules]]),
    chain,
  });
  walletKey.fill(0);
  managerKey.fill(0);
  return {wallet, manager};
}

/** What signs as the vault's validators manager: its own key, or else the wallet's; undefined without either. */
export async function openManagerSigner(
  {chainId}: Pick<Network, "chainId">,
  files: SignerFiles,
): Promise<VaultSigner | undefined> {
  const {WALLET_KEY_FILE, WALLET_PASSWORD_FILE} = files.config;
  const key = (await loadManagerKey(files)) ?? (await loadIfNamed(files, WALLET_KEY_FILE, WALLET_PASSWORD_FILE));
  const signer = key && createVaultSigner(key, chainId);
  key?.fill(0);
  return signer;
}

/** Gwei that a transaction pays at most for a unit of gas, as StakeWise's operator has it. */
const feeLimits = {mainnet: 10n, hoodi: 10n, gnosis: 2n} as const;

/** What a transaction may cost, and how it is followed. */
export const transactionLimits = (
  {name}: Network,
  {MAX_FEE_PER_GAS}: Pick<WalletConfig, "MAX_FEE_PER_GAS">,
): TransactionLimits => ({
  maxFeePerGas: BigInt(MAX_FEE_PER_GAS ?? feeLimits[name]) * 1_000_000_000n,
  depth: 2,
  stuckMs: 3 * secondsPerBlock[name] * 1000,
  lookMs: 500,
});

type ManagerFiles = Pick<WalletOptions, "env"> & {
  readonly config: Exposure &
    Pick<Static<typeof AccountsEnv>, "VALIDATORS_MANAGER_KEY_FILE" | "VALIDATORS_MANAGER_PASSWORD_FILE">;
};
type SignerFiles = ManagerFiles & {readonly config: Partial<Pick<WalletConfig, "WALLET_KEY_FILE" | "WALLET_PASSWORD_FILE">>};
type KeyFiles = Pick<WalletOptions, "env"> & {readonly config: Exposure};

/** 32 bytes, for the caller to erase. */
const loadKey = ({config, env}: KeyFiles, keyFile: string, passwordFile: string): Promise<Uint8Array> =>
  loadEthereumKey({
    keyFile: userPath(keyFile, env),
    passwordFile: userPath(passwordFile, env),
    allowExposed: config.ALLOW_EXPOSED_KEY_FILES === "true",
  });

const loadWalletKey = ({config, env}: Pick<WalletOptions, "config" | "env">): Promise<Uint8Array> =>
  loadKey({config, env}, config.WALLET_KEY_FILE, config.WALLET_PASSWORD_FILE);

/** Undefined if it has no file of its own. */
const loadManagerKey = (files: ManagerFiles): Promise<Uint8Array | undefined> =>
  loadIfNamed(files, files.config.VALIDATORS_MANAGER_KEY_FILE, files.config.VALIDATORS_MANAGER_PASSWORD_FILE);

const loadIfNamed = async (
  files: KeyFiles,
  keyFile: string | undefined,
  passwordFile: string | undefined,
): Promise<Uint8Array | undefined> =>
  keyFile === undefined || passwordFile === undefined ? undefined : loadKey(files, keyFile, passwordFile);
