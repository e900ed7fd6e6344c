import {defineCommand} from "../defineCommand.js";
import {OraclesSaveEnv} from "../env/administratorEnv.js";

export const oraclesSave = defineCommand({
  name: "oracles save",
  describe: "Saves the protocol config that StakeWise's Keeper announced last, for ORACLES_CONFIG_FILE.",
  operands: {flags: "<file>", describe: "written whole or not at all; one that is there is replaced"},
  options: {},
  env: OraclesSaveEnv,
  examples: ["/etc/dvt/shared/oracles.json"],
  run: async (_options, env, [file = ""]) => (await import("../administrator/oracles.js")).runOraclesSave(file, env),
});
