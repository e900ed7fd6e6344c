import {defineCommand} from "../defineCommand.js";
import {RotateEnv} from "../env/vaultEnv.js";
import type {OperatorRotateOptions} from "../operator/rotate/runOperatorRotate.js";
import {dryRun, integer, noVerify, vaultAddress, yes} from "../options.js";

export const operatorRotate = defineCommand<OperatorRotateOptions>({
  name: "operator rotate",
  describe:
    "Renews the exits of a vault's active validators that the oracles in force cannot use: after the oracles have changed.",
  exitStatus: "0 renewed, or none are outdated; 2 not ours, or you said no; 75 not now: run it again",
  options: {
    vault: vaultAddress,
    watch: {flags: "--watch", describe: "stay, and renew exits whenever the oracles have changed"},
    dryRun: {...dryRun, describe: "say which exits are outdated and what would be sent, and do none of it"},
    yes,
    timeout: {flags: "--timeout <seconds>", describe: "how long to wait for exits and oracles", parse: integer(1), default: 600},
    verify: noVerify,
  },
  env: RotateEnv,
  examples: [
    "--vault 0x00000000000000000000000000000000000000aa --dry-run",
    "--vault 0x00000000000000000000000000000000000000aa --watch --yes",
  ],
  run: async (options, env) => (await import("../operator/rotate/runOperatorRotate.js")).runOperatorRotate(options, env),
});
