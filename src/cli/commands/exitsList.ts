import {exitStates} from "../../../schemas/query.js";
import {defineCommand} from "../defineCommand.js";
import {StatusEnv} from "../env/statusEnv.js";
import {choice, duration, integer} from "../options.js";
import type {ExitsListOptions} from "../status/exitsList.js";

export const exitsList = defineCommand<ExitsListOptions>({
  name: "exits list",
  describe: "Lists exits of one state, the oldest first, and whose turn they are.",
  options: {
    state: {flags: "--state <state>", describe: exitStates.join(", "), parse: choice(exitStates), default: "open"},
    cluster: {flags: "--cluster <id>", describe: "only those of this cluster"},
    olderThan: {flags: "--older-than <duration>", describe: "only those asked for at least this long ago: 10m", parse: duration},
    key: {flags: "--key <prefix>", describe: "only those whose public key begins like this"},
    limit: {flags: "--limit <n>", describe: "at most this many", parse: integer(1), default: 100},
    json: {flags: "--json", describe: "one JSON object per line"},
  },
  env: StatusEnv,
  examples: ["--older-than 10m", "--state complete --cluster alpha --limit 1000 --json"],
  run: async (options, env) => (await import("../status/exitsList.js")).runExitsList(options, env),
});
