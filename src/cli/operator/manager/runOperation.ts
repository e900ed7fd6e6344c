import {operate, planOperation} from "../../../registration/operations/operate.js";
import type {Operation} from "../../../registration/operations/operation.js";
import {parseEnv} from "../../../runtime/env.js";
import {stakeUnitOf} from "../../../vaults/stakeUnit.js";
import {OperationEnv} from "../../env/vaultEnv.js";
import {terminal} from "../../terminal.js";
import {actOnTerminal, agrees, done, later, refused} from "../actOnTerminal.js";
import {claimWaitMs} from "../claimVault.js";
import {stepText} from "../register/stepText.js";
import {type OpenOperation, openOperation} from "./openOperation.js";
import {operationRules} from "./operationRules.js";
import {operationObstacleText, operationPlanText, operationText} from "./operationText.js";

export type OperationOptions = {vault: string; dryRun?: boolean; yes?: boolean; timeout: number; verify: boolean};

/** What a command does, of what is open. */
export type OperationOf = {
  readonly kind: Operation["kind"];
  /** The vault's function. */
  readonly call: string;
  readonly question: string;
  readonly needsOracles: boolean;
  create(opened: OpenOperation, checker: string): Operation;
  /** What is asked for, a line each. */
  lines(unit: string): readonly string[];
};

/** https://github.com/stakewise/v3-core/blob/748bb38a/deployments: the same address on each network. */
const checkerAddress = "0x033e5bae5bdc459cbb7d388b41a9d62020be810f";

/** Runs a command that acts for the vault's manager on registered validators, and returns its exit status. */
export async function runOperation(options: OperationOptions, of: OperationOf, env: NodeJS.ProcessEnv): Promise<number> {
  const {dryRun = false, yes = false, verify} = options;
  const config = parseEnv(OperationEnv, env, operationRules);
  const vault = options.vault.toLowerCase();
  const unit = stakeUnitOf(config.NETWORK);
  let payer = "";
  const confirm = async (): Promise<boolean> => {
    if (yes) return true;
    terminal.err(`Vault ${vault}; wallet ${payer} pays for gas and queue:\n`);
    for (const line of of.lines(unit)) terminal.err(`  ${line}\n`);
    return agrees(of.question);
  };
  return actOnTerminal({name: `operator ${of.kind}`, asks: !yes && !dryRun, config}, async (context) => {
    const {signal} = context.shutdown;
    const opened = await openOperation({
      ...context,
      config,
      env,
      vault,
      verify,
      operation: of.kind,
      waitMs: dryRun ? undefined : claimWaitMs,
      patienceMs: options.timeout * 1000,
      tell(step) {
        if (step.step === "done") terminal.out(`${step.hash}\n`);
        else terminal.err(`${operationText(step, unit)}\n`);
      },
      tellRegistration: (step) => terminal.err(`the registration before: ${stepText(step, unit)}\n`),
      confirm,
    });
    const {wallet, manager, settings} = opened;
    payer = wallet.address;
    const operation = of.create(opened, config.CONSOLIDATIONS_CHECKER_CONTRACT?.toLowerCase() ?? checkerAddress);
    if (dryRun) {
      const planned = await planOperation(opened, operation, signal);
      if ("why" in planned) {
        terminal.out(`${operationObstacleText(planned)}\n`);
        return planned.why === "refused" ? refused : later;
      }
      const [{balance, nonce}, {maxFeePerGas}] = await Promise.all([wallet.read(), wallet.readFees()]);
      terminal.out(
        operationPlanText(
          {
            ...planned,
            vault,
            lines: of.lines(unit),
            manager: manager.address,
            wallet: {address: wallet.address, balance, nonce},
            call: of.call,
            needsOracles: of.needsOracles,
            fees: {maxFeePerGas, limit: settings.maxFeePerGas},
          },
          unit,
        ),
      );
      return done;
    }
    const outcome = await operate(opened, operation, signal);
    if ("hash" in outcome) return done;
    return outcome.why === "refused" || outcome.why === "declined" ? refused : later;
  });
}
