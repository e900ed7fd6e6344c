import {defineCommand} from "../defineCommand.js";
import {ClustersMoveEnv} from "../env/administratorEnv.js";

export const clustersMove = defineCommand<{to: string; from?: string}>({
  name: "clusters move",
  describe: "Decides which cluster validators belong to, whichever had them first. Running roles follow at their next reload.",
  operands: {flags: "[public_keys...]", describe: "the validators to move"},
  options: {
    to: {flags: "--to <cluster_id>", describe: "their cluster from now on, one of participants.json", required: true},
    from: {
      flags: "--from <cluster_id>",
      describe: "instead of public keys: every validator of this cluster, for example if it got another id",
    },
  },
  env: ClustersMoveEnv,
  examples: ["--to alpha-2 --from alpha"],
  run: async (options, env, publicKeys) =>
    (await import("../administrator/clustersMove.js")).runClustersMove(publicKeys, options, env),
});
