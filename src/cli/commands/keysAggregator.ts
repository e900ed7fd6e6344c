import {defineCommand} from "../defineCommand.js";

export const keysAggregator = defineCommand<{output: string}>({
  name: "keys aggregator",
  describe: "Makes the aggregator's key file (mode 0600) and prints its public key for participants.json.",
  options: {output: {flags: "--output <file>", describe: "file for the private key, never overwritten", required: true}},
  examples: ["--output aggregator.key"],
  run: async (options, env) => (await import("../administrator/keysAggregator.js")).runKeysAggregator(options, env),
});
