import {defineCommand} from "../defineCommand.js";
import {GatewayEnv} from "../env/gatewayEnv.js";
import {noVerify} from "../options.js";

export const gateway = defineCommand<{verify: boolean}>({
  name: "gateway",
  describe: "Serves StakeWise's operators and sidecars over HTTP, and publishes for them on the bus. Runs until stopped.",
  options: {verify: noVerify},
  env: GatewayEnv,
  run: async (options, env) => (await import("../gateway/runGateway.js")).runGateway(options, env),
});
