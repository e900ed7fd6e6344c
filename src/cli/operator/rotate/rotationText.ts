import {describeLack} from "../../../approvals/describeLack.js";
import {adviceOf} from "../../../execution/revertAdvice.js";
import type {RotationParts} from "../../../rotation/rotationParts.js";
import type {PlannedRotation, RotationObstacle, RotationStep} from "../../../rotation/steps.js";
import {listText} from "../../../runtime/listText.js";
import {printable} from "../../../runtime/printable.js";
import {lackingText} from "../lackingText.js";
import {gasLine, oracleLines, printed, walletLine} from "../planLines.js";
import {feesText, transactionText} from "../transactionText.js";

const exitsText = (count: number): string => (count === 1 ? "1 exit" : `${count} exits`);

/** What a step says to people. */
export function rotationText(step: RotationStep): string {
  switch (step.step) {
    case "planned": {
      const {validators, others, disputed} = step.plan;
      const more = [
        ...(others.length > 0 ? [`not of your clusters, or not the vault's by the beacon node: ${listText(others)}`] : []),
        ...(disputed.length > 0 ? [`only some oracles say: ${listText(disputed)}`] : []),
      ];
      return [`${exitsText(validators.length)} outdated`, ...more].join("; ");
    }
    case "exits ready":
      return `${exitsText(step.validators)} signed (${step.ms} ms)`;
    case "approved":
      return `${step.oracles} oracles approve (${step.ms} ms)`;
    case "overtaken":
      return "another rotation of the vault was faster, starting over";
    case "oracles changed":
      return "meanwhile other oracles are in force, starting over";
    case "rotated": {
      const left = step.left > 0 ? `, ${step.left} left` : "";
      return `renewed by ${step.hash}: ${exitsText(step.publicKeys.length)}${left}`;
    }
    case "current":
      return `no exit is outdated: the ${step.oracles} oracles in force can use all of them`;
    case "obstacle":
      return rotationObstacleText(step.obstacle);
    default:
      return transactionText(step);
  }
}

/** Why exits are not renewed now. */
export function rotationObstacleText(obstacle: RotationObstacle): string {
  switch (obstacle.why) {
    case "declined":
      return "nothing was asked for or sent";
    case "not ours":
      return `outdated exits of validators that are not of your clusters, or not the vault's by the beacon node: ${listText(obstacle.indexes)}`;
    case "fees":
      return feesText(obstacle);
    case "unavailable":
      return `not now: ${printable(obstacle.error)}`;
    case "exits":
      return lackingText("exits are lacking:", obstacle);
    case "outdated unknown":
      return `the oracles do not say which exits are outdated: ${describeLack(obstacle.lacking)}`;
    case "oracles":
      return `the oracles do not approve: ${describeLack(obstacle.lacking)}`;
    case "reverted":
      return `the Keeper would refuse it: ${adviceOf(obstacle.revert)}`;
  }
}

/** The outdated exits that are ours, a line each. */
export const validatorLines = ({validators}: PlannedRotation): string[] =>
  validators.map(({publicKey, validatorIndex}) => `  ${publicKey} ${validatorIndex}\n`);

/** Everything that would be asked for, signed and sent, without any of it. */
export async function rotationPlanText(
  {vaultChain, keeper, wallet, limits}: RotationParts,
  plan: PlannedRotation,
  unit: string,
): Promise<string> {
  const {view, config, validators} = plan;
  const [{balance, nonce}, fees] = await Promise.all([wallet.read(), wallet.readFees()]);
  const batches = Math.ceil(validators.length / config.batchLimits.rotation);
  const lines = [
    `vault ${vaultChain.vault}, ${view.nonce} rotations before`,
    rotationText({step: "planned", plan}),
    "exits to ask for on the bus, keys with index:",
    ...validatorLines(plan).map((line) => line.trimEnd()),
    ...oracleLines(config, view.validatorsMinOracles),
    walletLine({address: wallet.address, balance, nonce}, unit),
    `transactions to the Keeper ${keeper}: ${batches} of updateExitSignatures`,
    gasLine(fees, limits.maxFeePerGas),
    "nothing was asked for, signed or sent",
  ];
  return printed(lines);
}
