import {defineCommand} from "../defineCommand.js";
import {ClustersShowEnv} from "../env/administratorEnv.js";

export const clustersShow = defineCommand<{json?: boolean; verify: boolean}>({
  name: "clusters show",
  describe: "Shows what is in a cluster definition, or why it is refused. Keys are shortened, except with --json.",
  operands: {flags: "<file>", describe: "cluster-lock.json, or another cluster definition"},
  options: {
    json: {flags: "--json", describe: "one JSON object"},
    verify: {flags: "--no-verify", describe: "show it even if its hashes or its signature are wrong"},
  },
  env: ClustersShowEnv,
  examples: ["cluster-lock.json"],
  run: async (options, env, [file = ""]) =>
    (await import("../administrator/clustersShow.js")).runClustersShow(file, options, env),
});
