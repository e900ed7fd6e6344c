import {defineCommand} from "../defineCommand.js";
import {OraclesShowEnv} from "../env/administratorEnv.js";

export const oraclesShow = defineCommand<{json?: boolean}>({
  name: "oracles show",
  describe: "Shows StakeWise's oracles, whose shards make an exit, as ORACLES_CONFIG_FILE or the chain has them now.",
  options: {json: {flags: "--json", describe: "one JSON object, with whole public keys"}},
  env: OraclesShowEnv,
  run: async (options, env) => (await import("../administrator/oracles.js")).runOraclesShow(options, env),
});
