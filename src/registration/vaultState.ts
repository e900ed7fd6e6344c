import {fullStakeGwei} from "../consensus/deposit.js";
import type {Harvest, RegisteredKey, ToppedUpKey, VaultView} from "../execution/vaultChain.js";
import type {RegistrationParts} from "./registrationParts.js";

/** A vault with what it registered and topped up within a day, and the rewards that it has not taken yet. */
export type VaultState = {
  readonly view: VaultView;
  readonly harvest: Harvest | undefined;
  readonly registered: readonly RegisteredKey[];
  readonly toppedUp: readonly ToppedUpKey[];
};

/** How long a registration counts for the daily limits, and is remembered where a beacon node is behind. */
const dayS = 86_400;

/** Reads the vault. VAULT_INVALID, EXECUTION_UNAVAILABLE, IPFS_UNAVAILABLE. */
export async function readVaultState({
  vaultChain,
  fetchHarvest,
}: Pick<RegistrationParts, "vaultChain" | "fetchHarvest">): Promise<VaultState> {
  const harvest = await readHarvest({vaultChain, fetchHarvest});
  const [view, registered, toppedUp] = await Promise.all([
    vaultChain.read(harvest),
    vaultChain.readRegistered(dayS),
    vaultChain.readToppedUp(dayS),
  ]);
  return {view, harvest, registered, toppedUp};
}

/** The rewards that the vault has not taken yet. EXECUTION_UNAVAILABLE, IPFS_UNAVAILABLE. */
export async function readHarvest({
  vaultChain,
  fetchHarvest,
}: Pick<RegistrationParts, "vaultChain" | "fetchHarvest">): Promise<Harvest | undefined> {
  const rewards = await vaultChain.findRewards();
  return rewards && fetchHarvest(rewards);
}

/** What the vault staked within the day, with new validators and with top-ups. */
export const stakedGwei = ({registered, toppedUp}: Pick<VaultState, "registered" | "toppedUp">): number =>
  registered.reduce((sum, it) => sum + (it.gwei ?? fullStakeGwei), 0) + toppedUp.reduce((sum, {gwei}) => sum + gwei, 0);
