import {defineCommand} from "../defineCommand.js";
import {OperationEnv} from "../env/vaultEnv.js";
import {withdrawals} from "../operator/manager/parseValidators.js";
import type {OperatorWithdrawOptions} from "../operator/manager/runOperatorWithdraw.js";
import {dryRun, integer, noVerify, vaultAddress, yes} from "../options.js";

export const operatorWithdraw = defineCommand<OperatorWithdrawOptions>({
  name: "operator withdraw",
  describe: "Withdraws from a vault's validators on the chain, in part or by exiting them.",
  exitStatus: "0 done, 2 refused, 75 not now: run it again",
  options: {
    vault: vaultAddress,
    validators: {
      flags: "--validators <list>",
      describe: "public keys with amounts in ETH (mGNO on Gnosis), or `full` to exit one: 0x…=1.5,0x…=full",
      parse: withdrawals,
      required: true,
    },
    dryRun,
    yes,
    timeout: {flags: "--timeout <seconds>", describe: "how long to ask oracles that lack", parse: integer(1), default: 600},
    verify: noVerify,
  },
  env: OperationEnv,
  examples: [
    "--vault 0x00000000000000000000000000000000000000aa --validators 0xabababababababababababababababababababababababababababababababababababababababababababababababab=1.5",
  ],
  run: async (options, env) => (await import("../operator/manager/runOperatorWithdraw.js")).runOperatorWithdraw(options, env),
});
