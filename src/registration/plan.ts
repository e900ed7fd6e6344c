import type {Deposit} from "../../schemas/deposit.js";
import {fullStakeGwei} from "../consensus/deposit.js";
import {DvtError} from "../errors.js";
import type {VaultView} from "../execution/vaultChain.js";
import {amountsOf, maxValidatorGwei, stakeableGwei, whyNotRegistered} from "../vaults/amounts.js";
import {typedText} from "../vaults/amountText.js";
import type {ManagerAccount, ValidatorsManager} from "../vaults/validatorsManager.js";
import type {VaultRules} from "../vaults/vaultRules.js";
import type {PlannedRegistration} from "./plannedRegistration.js";
import type {PlannedTopUps} from "./plannedTopUps.js";
import {planTopUps} from "./planTopUps.js";
import type {WantedValidator} from "./readyExits.js";
import type {RegistrationParts} from "./registrationParts.js";
import type {Obstacle} from "./steps.js";
import {readVaultState, stakedGwei, type VaultState} from "./vaultState.js";
import type {WithAccount} from "./withAccount.js";

/** A vault before this version knows no compounding validators, and no signature of a manager over the whole transaction. */
const leastVersion = 5;
/** Wei; with less, StakeWise's operator warns too. */
export const lowBalance = {mainnet: 3n * 10n ** 16n, hoodi: 3n * 10n ** 16n, gnosis: 10n ** 16n} as const;
/** What a sidecar refuses, it may allow later. */
const refusedMs = 3_600_000;

/** What planning works with. */
export type PlanParts = Omit<
  RegistrationParts,
  "readyExits" | "approvalsOf" | "manager" | "wallet" | "journal" | "tell" | "confirm" | "confirmTopUps" | "settings"
> & {readonly settings: Pick<RegistrationParts["settings"], "validatorType" | "amounts" | "most" | "keptGwei">};

/**
 * Reads the chain, and plans what to register next. VAULT_INVALID, VALIDATORS_MANAGER_WRONG, ORACLES_CONFIG_INVALID, CONFIG_INVALID for
 * amounts that cannot be; EXECUTION_UNAVAILABLE, CONSENSUS_UNAVAILABLE, IPFS_UNAVAILABLE.
 */
export async function planRegistration(
  parts: RegistrationParts,
): Promise<WithAccount<PlannedRegistration | PlannedTopUps> | Obstacle> {
  const {vaultChain, wallet, manager, settings} = parts;
  const [state, fees, {balance}] = await Promise.all([readVaultState(parts), wallet.readFees(), wallet.read()]);
  const account = await findUsableAccount(state.view, {vault: vaultChain.vault, manager});
  if (fees.maxFeePerGas >= settings.maxFeePerGas) {
    return {why: "fees", maxFeePerGas: fees.maxFeePerGas, limit: settings.maxFeePerGas};
  }
  const plan = await planFrom(parts, state);
  if ("why" in plan) return plan;
  if (balance < lowBalance[parts.network.name]) parts.tell({step: "wallet low", address: wallet.address, balance});
  return {...plan, account};
}

/**
 * Plans by what was read: top-ups of the vault's validators come first, if there are any. CONFIG_INVALID, VAULT_RULES_INVALID,
 * CONSENSUS_UNAVAILABLE, EXECUTION_UNAVAILABLE.
 */
export async function planFrom(parts: PlanParts, state: VaultState): Promise<PlannedRegistration | PlannedTopUps | Obstacle> {
  const {view, harvest, registered} = state;
  const {vaultChain, settings, network, rules, signed} = parts;
  const stakeable = stakeableGwei(network.name, view.withdrawableAssets, settings.keptGwei);
  const topUps = await planTopUps(parts, {...state, stakeable});
  if (topUps) return topUps;
  const amounts = amountsFor(parts, stakeable);
  if (amounts.length === 0) return {why: "assets", stakeableGwei: stakeable};
  const allowed = withinDay(rules, state, amounts);
  if (allowed.length === 0) return {why: "daily limit"};

  const recent = new Set(registered.map(({publicKey}) => publicKey));
  const isRefused = (key: string): boolean => performance.now() - (parts.refused.get(key) ?? -refusedMs) < refusedMs;
  const all = parts.candidates();
  const candidates = all.filter((key) => !recent.has(key) && !isRefused(key));
  const {nextIndex, isRegistered} = await parts.registry.read(candidates);
  const keys = candidates.filter((key) => !isRegistered(key)).slice(0, allowed.length);
  if (keys.length === 0) return {why: "no keys left", allowed: all.length, refused: all.filter(isRefused).length};
  const validators = keys.map((publicKey, position): WantedValidator => {
    const amount = allowed[position] as number;
    // Assets change with every block, and another amount is another deposit, to be signed anew: an earlier, smaller one stays.
    const before = signed.get(publicKey);
    const deposit: Deposit = {
      vault: vaultChain.vault,
      validator_type: settings.validatorType,
      amount: before !== undefined && before <= amount ? before : amount,
    };
    signed.set(publicKey, deposit.amount);
    return {publicKey, deposit};
  });
  return {view, harvest, startIndex: nextIndex, validators};
}

type Whose = {readonly vault: string; readonly manager: Pick<ValidatorsManager, "findAccount">};

/** The account that the manager's key signs for. VAULT_INVALID, VALIDATORS_MANAGER_WRONG, EXECUTION_UNAVAILABLE. */
export async function findUsableAccount(view: VaultView, {vault, manager}: Whose): Promise<ManagerAccount> {
  assertVersion(view, vault);
  return manager.findAccount(vault, view.validatorsManager);
}

/** VAULT_INVALID. */
export function assertVersion({version}: Pick<VaultView, "version">, vault: string): void {
  if (version >= leastVersion) return;
  throw new DvtError("VAULT_INVALID", `read vault ${vault}: its version is ${version}; upgrade it to ${leastVersion} or later`);
}

function amountsFor({settings, network, rules, oracles}: PlanParts, stakeable: number): number[] {
  const {amounts, validatorType, most} = settings;
  const limit = Math.min(most ?? Number.POSITIVE_INFINITY, oracles.protocolConfig().batchLimits.registration);
  const maxGwei = Math.min(maxValidatorGwei[network.name], rules.operations.get("register")?.maxAmount ?? 0);
  if (!amounts) {
    if (maxGwei < fullStakeGwei)
      throw new DvtError("VAULT_RULES_INVALID", "register validators: the rules allow less than 32 ETH (mGNO on Gnosis) on each");
    return amountsOf(stakeable, {validatorType, maxGwei, limit});
  }
  const why = whyNotRegistered(rules, validatorType, amounts, typedText(network.name));
  if (why !== undefined) throw new DvtError("CONFIG_INVALID", `register the amounts that were given: ${why}`);
  return amounts.reduce((sum, amount) => sum + amount, 0) <= stakeable ? amounts.slice(0, limit) : [];
}

/** The first amounts that a day may still have. What the chain shows counts, whoever registered it. */
function withinDay({perDay = {}}: VaultRules, state: VaultState, amounts: readonly number[]): number[] {
  let validators = state.registered.length;
  let gwei = stakedGwei(state);
  return amounts.filter((amount) => {
    const isAllowed = validators < (perDay.validators ?? Infinity) && gwei + amount <= (perDay.gwei ?? Infinity);
    if (isAllowed) [validators, gwei] = [validators + 1, gwei + amount];
    return isAllowed;
  });
}
