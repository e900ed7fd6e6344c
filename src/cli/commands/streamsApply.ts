import type {StreamsApplyOptions} from "../administrator/streamsApply.js";
import {defineCommand} from "../defineCommand.js";
import {StreamsEnv} from "../env/administratorEnv.js";
import {duration} from "../options.js";

export const streamsApply = defineCommand<StreamsApplyOptions>({
  name: "streams apply",
  describe: "Creates or updates streams and durable consumers as participants.json requires.",
  options: {
    dryRun: {flags: "--dry-run", describe: "only show the changes"},
    force: {flags: "--force", describe: "apply a change even if it loses stored messages"},
    wait: {flags: "--wait <duration>", describe: "wait this long for the server, which may be starting", parse: duration},
  },
  env: StreamsEnv,
  run: async (options, env) => (await import("../administrator/streamsApply.js")).runStreamsApply(options, env),
});
