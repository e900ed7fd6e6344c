import {defineCommand} from "../defineCommand.js";
import {StreamsEnv} from "../env/administratorEnv.js";

export const streamsApply = defineCommand<{dryRun?: boolean; force?: boolean}>({
  name: "streams apply",
  describe: "Creates or updates streams and durable consumers as participants.json requires.",
  options: {
    dryRun: {flags: "--dry-run", describe: "only show the changes"},
    force: {flags: "--force", describe: "apply a change even if it loses stored messages"},
  },
  env: StreamsEnv,
  run: async (options, env) => (await import("../administrator/streamsApply.js")).runStreamsApply(options, env),
});
