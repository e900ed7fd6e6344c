import {defineCommand} from "../defineCommand.js";
import {StatusEnv} from "../env/statusEnv.js";
import type {StatusOptions} from "../status/status.js";

export const status = defineCommand<StatusOptions>({
  name: "status",
  describe: "Shows what needs attention, what each share index does, and whose turn each open exit is.",
  exitStatus: "0 a relayer answered, 75 none answers",
  options: {
    cluster: {flags: "--cluster <id>", describe: "only this cluster"},
    watch: {flags: "--watch", describe: "show it again every second, until Ctrl+C"},
    json: {flags: "--json", describe: "one JSON object; with --watch one a line"},
  },
  env: StatusEnv,
  examples: ["--watch", "--cluster alpha --json"],
  run: async (options, env) => (await import("../status/status.js")).runStatus(options, env),
});
