import type {NatsReloadOptions} from "../administrator/natsReload.js";
import {defineCommand} from "../defineCommand.js";
import {NatsConfigEnv} from "../env/administratorEnv.js";

export const natsReload = defineCommand<NatsReloadOptions>({
  name: "nats reload",
  describe: "Applies a changed participants.json: writes the accounts, checks the configuration and reloads the server.",
  options: {
    config: {flags: "--config <file>", describe: "the server's configuration", default: "nats.conf"},
    accounts: {flags: "--accounts <file>", describe: "the accounts file that it includes", default: "accounts.conf"},
    pidFile: {
      flags: "--pid-file <file>",
      describe: "the running server's pid file (pid_file in its configuration)",
      required: true,
    },
  },
  env: NatsConfigEnv,
  examples: ["--config /etc/nats/nats.conf --accounts /etc/nats/accounts.conf --pid-file /run/nats/nats.pid"],
  run: async (options, env) => (await import("../administrator/natsReload.js")).runNatsReload(options, env),
});
