import type {InitOptions} from "../administrator/init/initOptions.js";
import {defineCommand} from "../defineCommand.js";
import {InitEnv} from "../env/administratorEnv.js";
import {noVerify, texts} from "../options.js";

export const init = defineCommand<InitOptions>({
  name: "init",
  describe: "Makes the centre in one folder: keys, certificates, accounts, settings, and what compose and systemd start.",
  exitStatus: "0 the folder is complete; run it again to complete or to add, it changes nothing that is there",
  options: {
    folder: {flags: "--folder <folder>", describe: "the centre's folder", default: "/etc/dvt"},
    network: {flags: "--network <network>", describe: "mainnet, hoodi or gnosis"},
    natsUrl: {
      flags: "--nats-url <url>",
      describe:
        "where everybody will reach NATS, such as tls://bus.example.org:4222; its certificate names that host. Or the three servers of a cluster, separated by commas, this machine's first",
    },
    clusterLock: {
      flags: "--cluster-lock <id=file>",
      describe: "a cluster with its id and charon's cluster-lock.json; repeatable",
      parse: texts,
    },
    ssvKeyshares: {
      flags: "--ssv-keyshares <id=file>",
      describe: "an SSV cluster with its id and its keyshares file; repeatable",
      parse: texts,
    },
    ssvOperators: {
      flags: "--ssv-operators <id=ids>",
      describe: "an SSV cluster that is read from the chain, such as alpha=1,2,3,4; repeatable",
      parse: texts,
    },
    operator: {flags: "--operator <id>", describe: "an operator whose key and settings are made here too"},
    oracles: {
      flags: "--oracles <file>",
      describe: "StakeWise's protocol config; without it, the oracle set is read from the chain",
    },
    executionEndpoint: {
      flags: "--execution-endpoint <url>",
      describe: "execution nodes; if the URL holds a key, set EXECUTION_ENDPOINT_FILE instead",
    },
    consensusEndpoint: {
      flags: "--consensus-endpoint <url>",
      describe: "beacon nodes; if the URL holds a key, set CONSENSUS_ENDPOINT_FILE instead",
    },
    gateway: {flags: "--gateway", describe: "a gateway for the operator, which then may speak StakeWise's HTTP API"},
    mongodb: {
      flags: "--mongodb <hosts>",
      describe: "your own MongoDB, a replica set rs0, such as 127.0.0.1:27017 (default: the one of compose)",
    },
    verify: noVerify,
  },
  env: InitEnv,
  examples: [
    "--network hoodi --cluster-lock alpha=cluster-lock.json --operator acme --nats-url tls://bus.example.org:4222",
    "--cluster-lock beta=beta-cluster-lock.json",
  ],
  run: async (options, env) => (await import("../administrator/init/runInit.js")).runInit(options, env),
});
