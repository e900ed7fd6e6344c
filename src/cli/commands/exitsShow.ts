import {defineCommand} from "../defineCommand.js";
import {StatusEnv} from "../env/statusEnv.js";

export const exitsShow = defineCommand<{json?: boolean}>({
  name: "exits show",
  describe: "Tells the story of one exit: when what happened, what is missing and why, and what to do.",
  exitStatus: "0 shown, 2 there is no such exit",
  operands: {
    flags: "<key[:index]>",
    describe: "public key, also as other commands shorten it; with an index, the exit of that index instead of the current one",
  },
  options: {json: {flags: "--json", describe: "one JSON object"}},
  env: StatusEnv,
  examples: ["0x92183f2a..9f8e0c", "0x92183f2a..9f8e0c:1000 --json"],
  run: async (options, env, [exit = ""]) => (await import("../status/exitsShow.js")).runExitsShow(exit, options, env),
});
