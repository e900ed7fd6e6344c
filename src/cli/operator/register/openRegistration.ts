import type {Static} from "typebox";
import {createReadyExits} from "../../../registration/readyExits.js";
import type {RegistrationParts} from "../../../registration/registrationParts.js";
import type {RegisterEnv} from "../../env/vaultEnv.js";
import {claimVault} from "../claimVault.js";
import {createRequest} from "../createRequest.js";
import {openAccounts, transactionLimits} from "../openAccounts.js";
import {openVault, type VaultOptions} from "../vault/openVault.js";
import {secondsPerBlock} from "../vault/openVaultNodes.js";

type Options = VaultOptions &
  Pick<RegistrationParts, "tell" | "confirm" | "confirmTopUps"> & {
    readonly config: Readonly<Static<typeof RegisterEnv>>;
    /** How long exits are waited for. */
    readonly timeoutMs: number;
    /** How long another process's claim of the vault is waited for; undefined: nothing is sent, and the vault not claimed. */
    readonly waitMs: number | undefined;
  };

/** Opens everything that registering works with, and claims the vault: no other process registers for it meanwhile. */
export async function openRegistration(options: Options): Promise<RegistrationParts> {
  const {config, env, logger, shutdown, tell, confirm, confirmTopUps} = options;
  const opened = await openVault(options);
  const {network, files} = opened;
  const {wallet, manager} = await openAccounts({...opened, config, env, chain: undefined});
  const {bus, journal} = await claimVault({...options, files, wallet: wallet.address});

  const request = createRequest(bus, {...options, ...opened});
  const readyExits = createReadyExits({network, logger, request});
  shutdown.onStop(readyExits.stop);
  return {
    ...opened,
    readyExits,
    manager,
    wallet,
    journal,
    tell,
    confirm,
    confirmTopUps,
    settings: {
      ...opened.settings,
      ...transactionLimits(network, config),
      patienceMs: options.timeoutMs,
      idleMs: secondsPerBlock[network.name] * 1000,
    },
  };
}
