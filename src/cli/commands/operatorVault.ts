import {defineCommand} from "../defineCommand.js";
import {VaultEnv} from "../env/vaultEnv.js";
import type {OperatorVaultOptions} from "../operator/vault/runOperatorVault.js";
import {noVerify, validatorType, vaultAddress} from "../options.js";

export const operatorVault = defineCommand<OperatorVaultOptions>({
  name: "operator vault",
  describe: "Shows a vault: its assets and manager, outdated exits, and what would be registered next. Changes nothing.",
  options: {
    vault: vaultAddress,
    type: validatorType,
    verify: noVerify,
  },
  env: VaultEnv,
  examples: ["--vault 0x00000000000000000000000000000000000000aa"],
  run: async (options, env) => (await import("../operator/vault/runOperatorVault.js")).runOperatorVault(options, env),
});
