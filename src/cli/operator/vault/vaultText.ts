import {describeLack} from "../../../approvals/describeLack.js";
import type {Found, Lacking} from "../../../approvals/outcome.js";
import {fullStakeGwei} from "../../../consensus/deposit.js";
import type {VaultState} from "../../../registration/plan.js";
import type {PlannedRegistration} from "../../../registration/plannedRegistration.js";
import type {Obstacle} from "../../../registration/steps.js";
import {obstacleText, stakeText} from "../register/stepText.js";

type Told = {
  readonly vault: string;
  readonly state: VaultState;
  readonly stakeableGwei: number;
  readonly managerNonce: bigint;
  /** How many keys there are of the clusters, and how many oracles. */
  readonly keys: number;
  readonly oracles: number;
  readonly outdated: Found | Lacking<object>;
  readonly next: PlannedRegistration | Obstacle;
  readonly unit: string;
};

/** A vault for people. */
export function vaultText({vault, state, stakeableGwei, managerNonce, keys, oracles, outdated, next, unit}: Told): string {
  const {view, harvest, registered} = state;
  const stake = registered.reduce((sum, {gwei}) => sum + (gwei ?? fullStakeGwei), 0);
  const lines = [
    `vault ${vault}, version ${view.version}, at block ${view.block.number}`,
    `validators manager ${view.validatorsManager}, nonce ${managerNonce}`,
    `to stake: ${stakeText(stakeableGwei, unit)}${harvest ? ", with rewards that the next transaction takes" : ""}`,
    `deposit root ${view.depositRoot}`,
    `oracles: ${oracles}, of which ${view.validatorsMinOracles} have to approve`,
    `registered within a day: ${registered.length}, ${stakeText(stake, unit)}`,
    `keys that the rules allow: ${keys}`,
    `exits that are outdated: ${outdatedText(outdated)}`,
    "why" in next ? `next registration: none, ${obstacleText(next, unit)}` : nextText(next, unit),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function outdatedText(outdated: Found | Lacking<object>): string {
  if (outdated.outcome === "lacking") return `not known: ${describeLack(outdated)}`;
  return outdated.indexes.length === 0 ? "none" : `of the validators ${outdated.indexes.join(", ")}`;
}

function nextText({startIndex, validators}: PlannedRegistration, unit: string): string {
  const keys = validators.map(
    ({publicKey, deposit}, position) => `\n  ${publicKey} ${startIndex + position} ${stakeText(deposit.amount, unit)}`,
  );
  return `next registration, from index ${startIndex}:${keys.join("")}`;
}
