import {defineCommand} from "../defineCommand.js";
import {OperationEnv} from "../env/vaultEnv.js";
import {consolidations} from "../operator/manager/parseValidators.js";
import type {OperatorConsolidateOptions} from "../operator/manager/runOperatorConsolidate.js";
import {dryRun, integer, noVerify, vaultAddress, yes} from "../options.js";

export const operatorConsolidate = defineCommand<OperatorConsolidateOptions>({
  name: "operator consolidate",
  describe: "Moves the stake of a vault's validators into others on the chain, or switches 0x01 validators to 0x02.",
  exitStatus: "0 done, 2 refused, 75 not now: run it again",
  options: {
    vault: vaultAddress,
    validators: {
      flags: "--validators <list>",
      describe: "sources with their targets: 0x…=0x…,0x…=0x…; a key that is its own target becomes 0x02",
      parse: consolidations,
      required: true,
    },
    dryRun,
    yes,
    timeout: {flags: "--timeout <seconds>", describe: "how long to ask oracles that lack", parse: integer(1), default: 600},
    verify: noVerify,
  },
  env: OperationEnv,
  examples: [
    "--vault 0x00000000000000000000000000000000000000aa --validators 0xabababababababababababababababababababababababababababababababababababababababababababababababab=0xcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd",
  ],
  run: async (options, env) =>
    (await import("../operator/manager/runOperatorConsolidate.js")).runOperatorConsolidate(options, env),
});
