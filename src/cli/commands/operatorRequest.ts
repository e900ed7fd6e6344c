import {defineCommand} from "../defineCommand.js";
import {OperatorEnv} from "../env/operatorEnv.js";
import type {OperatorRequestOptions} from "../operator/operatorRequest.js";
import {integer} from "../options.js";

export const operatorRequest = defineCommand<OperatorRequestOptions>({
  name: "operator request",
  describe: "Requests the exits of the validators in a deposit data file, and waits for them.",
  exitStatus: "0 all completed, 2 some were rejected, 75 some are still missing",
  options: {
    depositData: {
      flags: "--deposit-data <file>",
      describe: "deposit_data.json: the validators whose exits are requested",
      required: true,
    },
    startIndex: {
      flags: "--start-index <n>",
      describe: "validator index of the first of them; each of the others gets the next (default: the chain's next index)",
      parse: integer(0),
    },
    deposits: {
      flags: "--deposits",
      describe: "request signatures of the file's deposits too, with its vaults, amounts and types",
    },
    output: {flags: "--output <file>", describe: "file for the results (default: standard output)"},
    json: {
      flags: "--json",
      describe: "print the outcome as one JSON object to standard output: completed, rejected and missing; needs --output",
    },
    timeout: {flags: "--timeout <seconds>", describe: "how long to wait", parse: integer(1), default: 600},
  },
  env: OperatorEnv,
  examples: [
    "--deposit-data deposit_data.json --output results.json",
    "--deposit-data deposit_data.json --start-index 1234567 --deposits --timeout 3600 --output results.json",
  ],
  run: async (options, env) => (await import("../operator/operatorRequest.js")).runOperatorRequest(options, env),
});
