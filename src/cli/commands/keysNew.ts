import {defineCommand} from "../defineCommand.js";

export const keysNew = defineCommand<{output: string}>({
  name: "keys new",
  describe: "Makes a participant's nkey seed file (mode 0600) and prints its public nkey for participants.json.",
  options: {output: {flags: "--output <file>", describe: "file for the seed, never overwritten", required: true}},
  examples: ["--output operator.nkey"],
  run: async (options, env) => (await import("../administrator/keysNew.js")).runKeysNew(options, env),
});
