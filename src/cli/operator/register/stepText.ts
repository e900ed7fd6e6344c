import {describeLack} from "../../../approvals/describeLack.js";
import {adviceOf} from "../../../execution/revertAdvice.js";
import type {Obstacle, Step} from "../../../registration/steps.js";
import {coinsText} from "../coinsText.js";
import {earlierText} from "../earlierText.js";
import {lackingText} from "../lackingText.js";
import {stakeText} from "../stakeText.js";
import {feesText, transactionText} from "../transactionText.js";

/** What a step says to people. */
export function stepText(step: Step, unit: string): string {
  switch (step.step) {
    case "planned": {
      const {validators, startIndex, view} = step.plan;
      const stakes = validators.map(({deposit}) => deposit);
      return `block ${view.block.number}: ${stakesText(stakes, unit)}, from index ${startIndex}`;
    }
    case "wallet low":
      return `wallet ${step.address} has ${coinsText(step.balance, unit)}: send it some more soon`;
    case "exits ready":
      return `exits and deposits of ${step.validators} are signed (${step.ms} ms), from index ${step.startIndex}`;
    case "root read":
      return `deposit root ${step.depositRoot}, next index ${step.startIndex}`;
    case "approved":
      return `${step.oracles} oracles approve (${step.ms} ms since the root)`;
    case "moved":
      return `somebody else deposited: ${step.what} has moved, starting over`;
    case "sent":
      return `${transactionText(step)}${step.replaces ? "" : windowText(step.windowMs)}`;
    case "nonce taken":
      return `${transactionText(step)}, starting over`;
    case "no top-ups":
      return `no validator is topped up first: ${step.why}`;
    case "topping up":
      return `block ${step.plan.view.block.number}: top up ${stakesText(step.plan.topUps, unit)}`;
    case "topped up":
      return `topped up by ${step.hash}: ${stakesText(step.topUps, unit)}`;
    case "registered":
      return `registered by ${step.hash}:`;
    case "following":
      return `following the transaction that an earlier process left: ${step.hash}`;
    case "nothing registered":
      return `transaction ${step.hash} registered nothing, although an operator of the cluster published that it would: starting over`;
    case "earlier":
      return earlierText(step.earlier, unit);
    case "obstacle":
      return obstacleText(step.obstacle, unit);
    default:
      return transactionText(step);
  }
}

const windowText = (ms: number | undefined): string => (ms === undefined ? "" : ` (${ms} ms since the root)`);

/** "2 validators, 64 ETH". */
export function stakesText(stakes: readonly {readonly amount: number}[], unit: string): string {
  const total = stakes.reduce((sum, {amount}) => sum + amount, 0);
  return `${stakes.length} ${stakes.length === 1 ? "validator" : "validators"}, ${stakeText(total, unit)}`;
}

/** Why nothing is registered now. */
export function obstacleText(obstacle: Obstacle, unit: string): string {
  switch (obstacle.why) {
    case "no keys left":
      return noKeysText(obstacle);
    case "assets":
      return `the vault has ${stakeText(obstacle.stakeableGwei, unit)} to stake, too little for this`;
    case "fees":
      return feesText(obstacle);
    case "daily limit":
      return "the vault's rules allow no more validators or stake today";
    case "topped up lately":
      return `validators are to be topped up first, and the vault did that within the last hour: again in ${Math.ceil(obstacle.waitS / 60)} minutes at most`;
    case "declined":
      return "nothing was sent";
    case "unavailable":
      return `not now: ${obstacle.error}`;
    case "exits":
      return lackingText("exits or deposits are lacking:", obstacle);
    case "reverted":
      return `the contract would refuse it: ${adviceOf(obstacle.revert)}`;
    case "oracles":
      return `the oracles do not approve: ${describeLack(obstacle.lacking)}`;
  }
}

function noKeysText({allowed, refused}: Extract<Obstacle, {why: "no keys left"}>): string {
  if (allowed === 0) {
    return "there are no keys: check the clusters of the vault's rules, whether participants.json lists this operator for them, and DEPOSIT_DATA_FILE";
  }
  return refused === 0
    ? "no keys are left: all that the vault's rules allow are registered"
    : `no keys are left: of ${allowed} that the vault's rules allow, sidecars refused ${refused} within the last hour, and the others are registered`;
}
