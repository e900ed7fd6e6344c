import type {Network} from "../consensus/networks.js";
import {leastTopUpGwei, maxValidatorGwei, topUpsOf} from "../vaults/amounts.js";
import {type VaultRules, whyForeign} from "../vaults/vaultRules.js";
import type {PlannedTopUps} from "./plannedTopUps.js";
import type {RegistrationSettings, TopUpSource} from "./registrationParts.js";
import type {Obstacle} from "./steps.js";
import {stakedGwei, type VaultState} from "./vaultState.js";

type Parts = {
  readonly network: Network;
  readonly rules: VaultRules;
  readonly topUpSource: TopUpSource | {readonly whyNot: string};
  readonly settings: Pick<RegistrationSettings, "validatorType" | "amounts">;
};

/** As StakeWise's operator: whoever sends dust to the vault all the time does not make it pay for gas as often. */
const leastGapS = 3600;
/** Validators that do not leave, and were not slashed. */
const staying = new Set(["pending_initialized", "pending_queued", "active_ongoing"]);

/**
 * Plans top-ups of the vault's compounding validators, as StakeWise's operator does before it registers any; undefined: there are none
 * to make. CONSENSUS_UNAVAILABLE, EXECUTION_UNAVAILABLE.
 */
export async function planTopUps(
  {network, rules, topUpSource: source, settings}: Parts,
  {view, harvest, toppedUp, registered, stakeable}: VaultState & {readonly stakeable: number},
): Promise<PlannedTopUps | Obstacle | undefined> {
  // Whoever names amounts wants new validators with these.
  if (settings.validatorType !== "0x02" || settings.amounts || "whyNot" in source) return undefined;
  const today = (rules.perDay?.gwei ?? Number.POSITIVE_INFINITY) - stakedGwei({registered, toppedUp});
  const assets = Math.min(stakeable, today);
  if (assets < leastTopUpGwei) return undefined;
  const found = await source.stakes.findValidators(source.ownKeys());
  const ours = found.filter(
    ({status, withdrawalCredentials}) =>
      staying.has(status) &&
      withdrawalCredentials.startsWith("0x02") &&
      whyForeign(rules.vault, withdrawalCredentials) === undefined,
  );
  const compounding = await source.chain.findCompounding(ours.map(({publicKey}) => publicKey));
  const topUps = topUpsOf(
    assets,
    ours.filter(({publicKey}) => compounding.has(publicKey)),
    {maxGwei: maxValidatorGwei[network.name], mostGwei: rules.operations.get("fund")?.maxAmount ?? 0},
  );
  if (topUps.length === 0) return undefined;
  const youngestS = Math.min(...toppedUp.map(({ageS}) => ageS));
  if (youngestS < leastGapS) return {why: "topped up lately", waitS: leastGapS - youngestS};
  return {view, harvest, topUps};
}
