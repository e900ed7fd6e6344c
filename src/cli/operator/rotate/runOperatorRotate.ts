import {planRotation} from "../../../rotation/planRotation.js";
import {rotate} from "../../../rotation/rotate.js";
import type {RotationParts} from "../../../rotation/rotationParts.js";
import type {RotationObstacle} from "../../../rotation/steps.js";
import {parseEnv} from "../../../runtime/env.js";
import {stakeUnitOf} from "../../../vaults/stakeUnit.js";
import {RotateEnv} from "../../env/vaultEnv.js";
import {terminal} from "../../terminal.js";
import {actOnTerminal, done, later, refused} from "../actOnTerminal.js";
import {claimWaitMs} from "../claimVault.js";
import {printed} from "../planLines.js";
import {createConfirm} from "./createConfirm.js";
import {openRotation} from "./openRotation.js";
import {rotateRules} from "./rotateRules.js";
import {rotationObstacleText, rotationPlanText, rotationText} from "./rotationText.js";

export type OperatorRotateOptions = {
  vault: string;
  watch?: boolean;
  dryRun?: boolean;
  yes?: boolean;
  timeout: number;
  verify: boolean;
};

/** Runs `dvt operator rotate` and returns its exit status. */
export async function runOperatorRotate(options: OperatorRotateOptions, env: NodeJS.ProcessEnv): Promise<number> {
  const {watch = false, dryRun = false, yes = false, verify} = options;
  const config = parseEnv(RotateEnv, env, rotateRules);
  const vault = options.vault.toLowerCase();
  let payer = "";
  return actOnTerminal({name: "operator rotate", asks: !yes && !dryRun, config}, async (context) => {
    const {signal} = context.shutdown;
    const parts = await openRotation({
      ...context,
      config,
      env,
      vault,
      verify,
      timeoutMs: options.timeout * 1000,
      waitMs: dryRun ? undefined : claimWaitMs,
      tell: createTell(),
      confirm: createConfirm({yes, vault, payer: () => payer}),
    });
    payer = parts.wallet.address;
    if (dryRun) return showPlan(parts, {unit: stakeUnitOf(config.NETWORK), signal});
    const {obstacle} = await rotate(parts, {watch, signal});
    return statusOf(obstacle);
  });
}

/** The same obstacle, again and again, is told once. */
function createTell(): RotationParts["tell"] {
  let last = "";
  return (step) => {
    const text = rotationText(step);
    if (text === last && (step.step === "obstacle" || step.step === "current")) return;
    last = text;
    terminal.err(`${text}\n`);
    if (step.step === "rotated") terminal.out(printed(step.publicKeys));
  };
}

async function showPlan(
  parts: RotationParts,
  {unit, signal}: {readonly unit: string; readonly signal: AbortSignal},
): Promise<number> {
  const plan = await planRotation(parts, signal);
  if ("why" in plan) {
    terminal.out(`${rotationObstacleText(plan)}\n`);
    return statusOf(plan);
  }
  if (plan.validators.length > 0) terminal.out(await rotationPlanText(parts, plan, unit));
  else terminal.out(`${rotationText({step: "current", oracles: plan.config.oracles.length})}\n`);
  return done;
}

const statusOf = (obstacle: RotationObstacle | undefined): number => {
  if (!obstacle) return done;
  return obstacle.why === "declined" || obstacle.why === "not ours" ? refused : later;
};
