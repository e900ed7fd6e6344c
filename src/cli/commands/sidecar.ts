import {defineCommand} from "../defineCommand.js";
import {SidecarEnv} from "../env/sidecarEnv.js";
import {noVerify} from "../options.js";

export const sidecar = defineCommand<{verify: boolean}>({
  name: "sidecar",
  describe: "Signs its cluster's exit requests with one node's key shares. Runs until stopped.",
  options: {verify: noVerify},
  env: SidecarEnv,
  run: async (options, env) => (await import("../sidecar/runSidecar.js")).runSidecar(options, env),
});
