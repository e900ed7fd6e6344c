import {defineCommand} from "../defineCommand.js";
import {HealthEnv} from "../env/healthEnv.js";

export const health = defineCommand<{ready?: boolean}>({
  name: "health",
  describe: "Asks the role at STATUS_PORT on this machine whether it answers; for a container's health check.",
  exitStatus: "1 if it does not answer, or with --ready if it is not ready",
  options: {ready: {flags: "--ready", describe: "whether it is ready, and if not, every reason"}},
  env: HealthEnv,
  examples: ["--ready"],
  run: async (options, env) => {
    const {runHealth} = await import("../health/runHealth.js");
    return runHealth(options, env);
  },
});
