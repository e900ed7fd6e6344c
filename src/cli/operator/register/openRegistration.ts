import type {Static} from "typebox";
import {requestExits} from "../../../client/requestExits.js";
import {createVaultContracts} from "../../../execution/vaultContracts.js";
import {createVaultSigner} from "../../../execution/vaultSignature.js";
import {createWallet} from "../../../execution/wallet.js";
import {loadEthereumKey} from "../../../keys/ethereumKeystore.js";
import type {Bus} from "../../../messaging/connect.js";
import type {Claim} from "../../../registration/claim.js";
import {openClaim} from "../../../registration/openClaim.js";
import {createReadyExits} from "../../../registration/readyExits.js";
import type {RegistrationParts} from "../../../registration/registrationParts.js";
import {parseDurationMs} from "../../../runtime/duration.js";
import {userPath} from "../../../runtime/userPath.js";
import {createValidatorsManager} from "../../../vaults/createValidatorsManager.js";
import type {RegisterEnv} from "../../env/vaultEnv.js";
import {connectAs} from "../../opening/connectAs.js";
import {openVault, secondsPerBlock, type VaultOptions} from "../vault/openVault.js";

type Options = VaultOptions &
  Pick<RegistrationParts, "tell" | "confirm"> & {
    readonly config: Readonly<Static<typeof RegisterEnv>>;
    /** How long exits are waited for. */
    readonly timeoutMs: number;
    /** How long another process's claim of the vault is waited for; undefined: nothing is sent, and the vault not claimed. */
    readonly waitMs: number | undefined;
  };

/** Gwei that a transaction pays at most for a unit of gas, as StakeWise's operator has it. */
const feeLimits = {mainnet: 10n, hoodi: 10n, gnosis: 2n} as const;

/** Opens everything that registering works with, and claims the vault: no other process registers for it meanwhile. */
export async function openRegistration(options: Options): Promise<RegistrationParts> {
  const {config, env, vault, logger, shutdown, waitFor, tell, confirm} = options;
  const {signal} = shutdown;
  const opened = await openVault(options);
  const {network, files, execution, depositContract, rules, oracles} = opened;
  const operatorId = config.OPERATOR_ID;
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
  const participants = files.participants();
  const listed = participants.operators.find(({id}) => id === operatorId);
  const bus = await connectAs(`operator-${operatorId}`, listed?.nkey, {participants, config, env, logger, waitFor});
  shutdown.onStop(bus.close);
  const claim = await claimVault(bus, options);
  files.attach(bus, (now) => now.operators.find(({id}) => id === operatorId)?.nkey);
  // An operator holds no exits of others: its definitions may change at any time.
  files.follow({findHeld: async () => []});

  const readyExits = createReadyExits({
    network,
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
  return {
    ...opened,
    readyExits,
    manager,
    wallet,
    journal: {
      read: async () => claim?.pending,
      write: async (pending) => claim?.write(pending),
    },
    tell,
    confirm,
    settings: {
      ...opened.settings,
      maxFeePerGas: BigInt(config.MAX_FEE_PER_GAS ?? feeLimits[network.name]) * 1_000_000_000n,
      depth: 2,
      stuckMs: 3 * secondsPerBlock[network.name] * 1000,
      patienceMs: options.timeoutMs,
      idleMs: secondsPerBlock[network.name] * 1000,
      lookMs: 500,
    },
  };
}

async function claimVault(bus: Bus, {config, vault, logger, shutdown, waitMs}: Options): Promise<Claim | undefined> {
  if (waitMs === undefined) return undefined;
  const of = {network: config.NETWORK, operatorId: config.OPERATOR_ID, vault};
  const claim = await openClaim(bus, {...of, logger, signal: shutdown.signal, waitMs});
  shutdown.onStop(claim.release);
  claim.lost.addEventListener("abort", () => shutdown.fail(claim.lost.reason), {once: true});
  return claim;
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
