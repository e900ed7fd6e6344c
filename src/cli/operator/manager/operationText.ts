import {describeLack} from "../../../approvals/describeLack.js";
import {adviceOf} from "../../../execution/revertAdvice.js";
import type {OperationStep, PlannedOperation} from "../../../registration/operations/operate.js";
import type {OperationObstacle} from "../../../registration/operations/operation.js";
import {earlierText} from "../earlierText.js";
import {printed, signerLine, walletLine} from "../planLines.js";
import {feesText, feeText, transactionText} from "../transactionText.js";

/** What a step says to people. */
export function operationText(step: Exclude<OperationStep, {step: "done"}>, unit: string): string {
  switch (step.step) {
    case "approved":
      return `${step.oracles} oracles approve`;
    case "moved":
      return "the vault accepted another signature of its manager meanwhile, starting over";
    case "earlier":
      return earlierText(step.earlier, unit);
    case "obstacle":
      return operationObstacleText(step.obstacle);
    default:
      return transactionText(step);
  }
}

/** Why it is not done. */
export function operationObstacleText(obstacle: OperationObstacle): string {
  switch (obstacle.why) {
    case "refused":
      return ["nothing is signed:", ...obstacle.refused.map(({publicKey, reason}) => `  ${publicKey ?? "all"}: ${reason}`)].join(
        "\n",
      );
    case "declined":
      return "nothing was sent";
    case "fees":
      return feesText(obstacle);
    case "request fee":
      return `a place in the queue costs ${feeText(obstacle.fee)}, more than MAX_REQUEST_FEE, ${feeText(obstacle.limit)}`;
    case "oracles":
      return `the oracles do not say enough: ${describeLack(obstacle.lacking)}`;
    case "reverted":
      return `the contract would refuse it: ${adviceOf(obstacle.revert)}`;
    case "nonce taken":
      return "something else was sent from the wallet; look whether it did the same before you run this again";
  }
}

type Told = PlannedOperation & {
  readonly vault: string;
  /** What is asked for, a line each. */
  readonly lines: readonly string[];
  /** The address of the manager's key. */
  readonly manager: string;
  readonly wallet: {readonly address: string; readonly balance: bigint; readonly nonce: number};
  /** The vault's function. */
  readonly call: string;
  /** Whether the oracles have to approve it. */
  readonly needsOracles: boolean;
  readonly fees: {readonly maxFeePerGas: bigint; readonly limit: bigint};
};

/** Everything that would be asked for, signed and sent, without any of it. */
export function operationPlanText(told: Told, unit: string): string {
  const {vault, view, account, lines, manager, nonce, wallet, call, needsOracles, value, fees} = told;
  const all = [
    `vault ${vault}, version ${view.version}, at block ${view.block.number}`,
    `${call}:`,
    ...lines.map((line) => `  ${line}`),
    ...(needsOracles ? [`oracles to ask: ${view.validatorsMinOracles} have to approve`] : []),
    signerLine({account, key: manager, what: `these bytes and its nonce ${BigInt(nonce)}`}),
    walletLine(wallet, unit),
    `transaction to the vault: ${call} with ${feeText(value)} for the queue, of which the rest comes back`,
    `at most ${feeText(fees.maxFeePerGas)} for a unit of gas; the limit is ${feeText(fees.limit)}`,
    "nothing was signed or sent",
  ];
  return printed(all);
}
