import {describeLack} from "../../../approvals/describeLack.js";
import type {Found, Lacking} from "../../../approvals/outcome.js";
import {fullStakeGwei} from "../../../consensus/deposit.js";
import type {PlannedRegistration} from "../../../registration/plannedRegistration.js";
import type {PlannedTopUps} from "../../../registration/plannedTopUps.js";
import type {Obstacle} from "../../../registration/steps.js";
import type {VaultState} from "../../../registration/vaultState.js";
import {listText} from "../../../runtime/listText.js";
import {obstacleText, stakesText} from "../register/stepText.js";
import {stakeText} from "../stakeText.js";

type Told = {
  readonly vault: string;
  readonly state: VaultState;
  readonly stakeableGwei: number;
  readonly managerNonce: bigint;
  /** Whether the manager is a contract, which accepts signatures or not. */
  readonly isContract: boolean;
  /** How many keys there are of the clusters, and how many oracles. */
  readonly keys: number;
  readonly oracles: number;
  readonly outdated: Found | Lacking<object>;
  readonly next: PlannedRegistration | PlannedTopUps | Obstacle;
  readonly whyNoTopUps: string | undefined;
  readonly unit: string;
};

/** A vault for people. */
export function vaultText({
  vault,
  state,
  stakeableGwei,
  managerNonce,
  isContract,
  keys,
  oracles,
  outdated,
  next,
  whyNoTopUps,
  unit,
}: Told): string {
  const {view, harvest, registered, toppedUp} = state;
  const stake = registered.reduce((sum, {gwei}) => sum + (gwei ?? fullStakeGwei), 0);
  const lines = [
    `vault ${vault}, version ${view.version}, at block ${view.block.number}`,
    `validators manager ${view.validatorsManager}${isContract ? ", a contract" : ""}, nonce ${managerNonce}`,
    `to stake: ${stakeText(stakeableGwei, unit)}${harvest ? ", with rewards that the next transaction takes" : ""}`,
    `deposit root ${view.depositRoot}`,
    `oracles: ${oracles}, of which ${view.validatorsMinOracles} have to approve`,
    `registered within a day: ${registered.length}, ${stakeText(stake, unit)}`,
    `topped up within a day: ${stakesText(
      toppedUp.map(({gwei}) => ({amount: gwei})),
      unit,
    )}`,
    ...(whyNoTopUps === undefined ? [] : [`top-ups: none, ${whyNoTopUps}`]),
    `keys that the rules allow: ${keys}`,
    `exits that are outdated: ${outdatedText(outdated)}`,
    "why" in next ? `next registration: none, ${obstacleText(next, unit)}` : nextText(next, unit),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function outdatedText(outdated: Found | Lacking<object>): string {
  if (outdated.outcome === "lacking") return `not known: ${describeLack(outdated)}`;
  return outdated.indexes.length === 0 ? "none" : `of the validators ${listText(outdated.indexes)}`;
}

function nextText(next: PlannedRegistration | PlannedTopUps, unit: string): string {
  if ("topUps" in next) {
    return `next top-ups, before anything is registered:${next.topUps.map(({publicKey, amount}) => `\n  ${publicKey} ${stakeText(amount, unit)}`).join("")}`;
  }
  const {startIndex, validators} = next;
  const keys = validators.map(
    ({publicKey, deposit}, position) => `\n  ${publicKey} ${startIndex + position} ${stakeText(deposit.amount, unit)}`,
  );
  return `next registration, from index ${startIndex}:${keys.join("")}`;
}
