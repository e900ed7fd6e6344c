import {createVaultContracts} from "../../../execution/vaultContracts.js";
import {planFrom} from "../../../registration/plan.js";
import {readVaultState} from "../../../registration/vaultState.js";
import {parseEnv} from "../../../runtime/env.js";
import {createLogger} from "../../../runtime/logger.js";
import {withoutWaiting} from "../../../runtime/waitFor.js";
import {stakeableGwei} from "../../../vaults/amounts.js";
import {stakeUnitOf} from "../../../vaults/stakeUnit.js";
import {VaultEnv} from "../../env/vaultEnv.js";
import {openShutdown} from "../../openShutdown.js";
import {terminal} from "../../terminal.js";
import {registerRules} from "../register/registerRules.js";
import {openVault} from "./openVault.js";
import {vaultText} from "./vaultText.js";

export type OperatorVaultOptions = {vault: string; type: "0x01" | "0x02"; verify: boolean};

/** Runs `dvt operator vault`, which reads only, and returns its exit status. */
export async function runOperatorVault(
  {type, verify, ...options}: OperatorVaultOptions,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const config = parseEnv(VaultEnv, env, registerRules);
  const vault = options.vault.toLowerCase();
  const logger = createLogger({role: "operator", level: config.LOG_LEVEL, format: config.LOG_FORMAT, write: terminal.log});
  const shutdown = openShutdown(logger);
  const {signal} = shutdown;
  try {
    const opening = {config, env, vault, verify, logger, shutdown, waitFor: withoutWaiting};
    const opened = await openVault({...opening, chosen: {validatorType: type}});
    const {network, vaultChain, execution, depositContract, oracles, settings, approvalsOf, candidates} = opened;
    const state = await readVaultState(opened);
    const protocol = oracles.protocolConfig();
    const {validatorsMinOracles: minOracles, withdrawableAssets, validatorsManager} = state.view;
    const contracts = createVaultContracts(execution, depositContract);
    const [managerNonce, isContract, sinceBlock, next] = await Promise.all([
      contracts.managerNonce(vault),
      contracts.isContract(validatorsManager),
      vaultChain.findRotation(),
      planFrom(opened, state),
    ]);
    const outdated = await approvalsOf(protocol).findOutdated(vault, {minOracles, sinceBlock, signal});
    terminal.out(
      vaultText({
        vault,
        state,
        stakeableGwei: stakeableGwei(network.name, withdrawableAssets, settings.keptGwei),
        managerNonce: BigInt(managerNonce),
        isContract,
        keys: candidates().length,
        oracles: protocol.oracles.length,
        outdated,
        next,
        whyNoTopUps: type === "0x02" && "whyNot" in opened.topUpSource ? opened.topUpSource.whyNot : undefined,
        unit: stakeUnitOf(network.name),
      }),
    );
    return 0;
  } finally {
    await shutdown.stop();
  }
}
