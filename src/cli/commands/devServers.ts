import {defineCommand} from "../defineCommand.js";
import type {DevServersFlags} from "../demo/runDevServers.js";
import {integer} from "../options.js";

export const devServers = defineCommand<DevServersFlags>({
  name: "dev-servers",
  describe: "Runs NATS and a database on this machine, without Docker, for trying things until Ctrl+C; never for real keys.",
  options: {
    folder: {flags: "--folder <folder>", describe: "where their data stays", default: "dev-servers"},
    natsPort: {
      flags: "--nats-port <port>",
      describe: "port of 127.0.0.1 for NATS; 0: any port",
      parse: integer(0),
      default: 4222,
    },
    mongodbPort: {
      flags: "--mongodb-port <port>",
      describe: "port of 127.0.0.1 for the database; 0: any port",
      parse: integer(0),
      default: 27017,
    },
  },
  examples: ["--folder /var/tmp/dvt --nats-port 14222 --mongodb-port 37017"],
  run: async (options, env) => (await import("../demo/runDevServers.js")).runDevServers(options, env),
});
