import {planRegistration} from "../../../registration/plan.js";
import {register} from "../../../registration/register.js";
import type {Obstacle} from "../../../registration/steps.js";
import {parseEnv} from "../../../runtime/env.js";
import {stakeUnitOf} from "../../../vaults/stakeUnit.js";
import {RegisterEnv} from "../../env/vaultEnv.js";
import {terminal} from "../../terminal.js";
import {actOnTerminal, done, later, refused} from "../actOnTerminal.js";
import {claimWaitMs} from "../claimVault.js";
import {printed} from "../planLines.js";
import {createConfirm, createConfirmTopUps} from "./createConfirm.js";
import {createTell} from "./createTell.js";
import {openRegistration} from "./openRegistration.js";
import {planText, topUpText} from "./planText.js";
import {registerRules} from "./registerRules.js";
import {obstacleText, stepText} from "./stepText.js";

export type OperatorRegisterOptions = {
  vault: string;
  validators?: number;
  amounts?: readonly number[];
  type: "0x01" | "0x02";
  watch?: boolean;
  dryRun?: boolean;
  yes?: boolean;
  timeout: number;
  verify: boolean;
};

/** Runs `dvt operator register` and returns its exit status. */
export async function runOperatorRegister(options: OperatorRegisterOptions, env: NodeJS.ProcessEnv): Promise<number> {
  const {watch = false, dryRun = false, yes = false, verify} = options;
  const config = parseEnv(RegisterEnv, env, registerRules);
  const vault = options.vault.toLowerCase();
  const unit = stakeUnitOf(config.NETWORK);
  let payer = "";
  const tell = createTell({unit, print: (text) => terminal.err(`${text}\n`)});
  const asking = {yes, vault, unit, payer: () => payer};
  return actOnTerminal({name: "operator register", asks: !yes && !dryRun, config}, async (context) => {
    const {signal} = context.shutdown;
    const parts = await openRegistration({
      ...context,
      config,
      env,
      vault,
      verify,
      chosen: {validatorType: options.type, amounts: options.amounts, most: options.validators},
      timeoutMs: options.timeout * 1000,
      waitMs: dryRun ? undefined : claimWaitMs,
      tell(step) {
        tell(step);
        if (step.step === "registered") terminal.out(printed(step.publicKeys));
      },
      confirm: createConfirm(asking),
      confirmTopUps: createConfirmTopUps(asking),
    });
    payer = parts.wallet.address;
    if (dryRun) {
      const plan = await planRegistration(parts);
      const {topUpSource} = parts;
      if (options.type === "0x02" && "whyNot" in topUpSource) {
        terminal.err(`${stepText({step: "no top-ups", why: topUpSource.whyNot}, unit)}\n`);
      }
      if ("why" in plan) terminal.out(`${obstacleText(plan, unit)}\n`);
      else terminal.out(await ("topUps" in plan ? topUpText(parts, plan, unit) : planText(parts, plan, unit)));
      return statusOf(plan);
    }
    return statusOf(await register(parts, {watch, signal}));
  });
}

function statusOf(outcome: object | Obstacle): number {
  if (!("why" in outcome)) return done;
  return outcome.why === "declined" || outcome.why === "no keys left" ? refused : later;
}
