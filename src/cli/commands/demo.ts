import {defineCommand} from "../defineCommand.js";
import type {DemoFlags} from "../demo/runDemoCommand.js";
import {DemoEnv} from "../env/demoEnv.js";
import {integer, noVerify} from "../options.js";

export const demo = defineCommand<DemoFlags>({
  name: "demo",
  describe: "Runs the whole system on this machine, with a generated cluster and oracles or your own, and checks the results.",
  options: {
    network: {flags: "--network <name>", describe: "mainnet, hoodi or gnosis", default: "hoodi"},
    clusterType: {
      flags: "--cluster-type <types>",
      describe: "OBOL, SSV, or OBOL,SSV for one cluster of each",
      default: "OBOL",
    },
    validators: {flags: "--validators <n>", describe: "validators of each generated cluster", parse: integer(1), default: 5},
    nodes: {flags: "--nodes <n>", describe: "nodes of each; 4, 7, 10 or 13 for SSV", parse: integer(2), default: 4},
    threshold: {
      flags: "--threshold <n>",
      describe: "how many of the nodes sign (default: two thirds, rounded up)",
      parse: integer(2),
    },
    oracleCount: {flags: "--oracle-count <n>", describe: "generated oracles", parse: integer(1), default: 11},
    oracleThreshold: {
      flags: "--oracle-threshold <n>",
      describe: "how many of the oracles recover an exit",
      parse: integer(1),
      default: 6,
    },
    startIndex: {
      flags: "--start-index <n>",
      describe: "validator index of the first validator (default: 1000)",
      parse: integer(0),
    },
    clusterLock: {
      flags: "--cluster-lock <file>",
      describe: "your cluster-lock.json, with --keystores and --deposit-data",
    },
    keystores: {
      flags: "--keystores <template>",
      describe: "its keystores, such as 'DIR/node{node_index}/validator_keys'",
    },
    depositData: {flags: "--deposit-data <file>", describe: "its deposit_data.json"},
    verify: noVerify,
    oracles: {
      flags: "--oracles <file>",
      describe: "your oracles config: public key shards are checked, nothing is decrypted",
    },
    output: {flags: "--output <file>", describe: "file for the results (default: demo-results.json)"},
    register: {
      flags: "--register",
      describe:
        "go on to the chain: register validators in a vault on a chain of this machine's own, with StakeWise's side played",
      default: false,
    },
    sidecars: {
      flags: "--sidecars <n>",
      describe: "sidecars of each cluster that the demo runs; you run the others, on the bus or over HTTP (default: all)",
      parse: integer(0),
    },
    httpPort: {
      flags: "--http-port <port>",
      describe: "start a gateway on this port of 127.0.0.1, for StakeWise's operator and sidecars; 0: any port",
      parse: integer(0),
    },
    keep: {flags: "--keep", describe: "keep running afterwards, until Ctrl+C", default: false},
  },
  env: DemoEnv,
  examples: [
    "--cluster-type OBOL,SSV",
    "--register --keep",
    "--cluster-lock cluster-lock.json --keystores 'node{node_index}/validator_keys' --deposit-data deposit_data.json",
  ],
  run: async (options, env) => (await import("../demo/runDemoCommand.js")).runDemoCommand(options, env),
});
