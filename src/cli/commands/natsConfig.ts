import {defineCommand} from "../defineCommand.js";
import {NatsConfigEnv} from "../env/administratorEnv.js";

export const natsConfig = defineCommand<{output?: string}>({
  name: "nats config",
  describe: "Writes the accounts file that nats.conf includes, from participants.json.",
  options: {output: {flags: "--output <file>", describe: "file for the accounts (default: standard output)"}},
  env: NatsConfigEnv,
  examples: ["--output /etc/nats/accounts.conf"],
  run: async (options, env) => (await import("../administrator/natsConfig.js")).runNatsConfig(options, env),
});
