import {DvtError} from "../../../errors.js";
import {planRegistration} from "../../../registration/plan.js";
import {register} from "../../../registration/register.js";
import {parseEnv} from "../../../runtime/env.js";
import {createLogger} from "../../../runtime/logger.js";
import {withoutWaiting} from "../../../runtime/waitFor.js";
import {RegisterEnv} from "../../env/vaultEnv.js";
import {openShutdown} from "../../openShutdown.js";
import {terminal} from "../../terminal.js";
import {claimWaitMs} from "../claimVault.js";
import {createConfirm} from "./createConfirm.js";
import {openRegistration} from "./openRegistration.js";
import {planText} from "./planText.js";
import {registerRules} from "./registerRules.js";
import {obstacleText, stakeUnitOf, stepText} from "./stepText.js";

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

/** Exit statuses: registered, and why not. */
const [done, refused, later] = [0, 2, 75];

/** Runs `dvt operator register` and returns its exit status. */
export async function runOperatorRegister(options: OperatorRegisterOptions, env: NodeJS.ProcessEnv): Promise<number> {
  const {watch = false, dryRun = false, yes = false, verify} = options;
  const config = parseEnv(RegisterEnv, env, registerRules);
  if (!yes && !dryRun && !terminal.canAsk()) {
    throw new DvtError("USAGE", "operator register: there is no terminal to ask on; call it with --yes");
  }
  const vault = options.vault.toLowerCase();
  const unit = stakeUnitOf(config.NETWORK);
  const logger = createLogger({role: "operator", level: config.LOG_LEVEL, format: config.LOG_FORMAT, write: terminal.log});
  const shutdown = openShutdown(logger);
  const {signal} = shutdown;
  let payer = "";
  try {
    const parts = await openRegistration({
      config,
      env,
      vault,
      verify,
      logger,
      shutdown,
      waitFor: withoutWaiting,
      chosen: {validatorType: options.type, amounts: options.amounts, most: options.validators},
      timeoutMs: options.timeout * 1000,
      waitMs: dryRun ? undefined : claimWaitMs,
      tell: (step) => terminal.err(`${stepText(step, unit)}\n`),
      confirm: createConfirm({yes, vault, unit, payer: () => payer}),
    });
    payer = parts.wallet.address;
    if (dryRun) {
      const plan = await planRegistration(parts);
      terminal.out("why" in plan ? `${obstacleText(plan, unit)}\n` : await planText(parts, plan, unit));
      return "why" in plan ? later : done;
    }
    const outcome = await register(parts, {watch, signal});
    if (!("why" in outcome)) {
      terminal.out(outcome.publicKeys.map((key) => `${key}\n`).join(""));
      return done;
    }
    return outcome.why === "declined" || outcome.why === "no keys left" ? refused : later;
  } catch (error) {
    if (!signal.aborted || shutdown.failure) throw shutdown.failure ?? error;
    terminal.err("stopped\n");
    return later;
  } finally {
    await shutdown.stop();
  }
}
