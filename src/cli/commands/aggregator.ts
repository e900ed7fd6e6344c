import {defineCommand} from "../defineCommand.js";
import {AggregatorEnv} from "../env/aggregatorEnv.js";
import {noVerify} from "../options.js";

export const aggregator = defineCommand<{verify: boolean}>({
  name: "aggregator",
  describe: "Verifies shares, recovers exits, splits them and encrypts the shards to the oracles. Runs until stopped.",
  options: {verify: noVerify},
  env: AggregatorEnv,
  run: async (options, env) => (await import("../runAggregator.js")).runAggregator(options, env),
});
