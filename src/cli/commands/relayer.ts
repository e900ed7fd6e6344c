import {defineCommand} from "../defineCommand.js";
import {RelayerEnv} from "../env/relayerEnv.js";
import {noVerify} from "../options.js";

export const relayer = defineCommand<{verify: boolean}>({
  name: "relayer",
  describe: "Takes operators' batches and requests their exits from the clusters' sidecars. Runs until stopped.",
  options: {verify: noVerify},
  env: RelayerEnv,
  run: async (options, env) => (await import("../runRelayer.js")).runRelayer(options, env),
});
