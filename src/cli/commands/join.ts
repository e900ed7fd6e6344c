import {defineCommand} from "../defineCommand.js";
import type {JoinOptions} from "../join/joinOptions.js";
import {noVerify} from "../options.js";

export const join = defineCommand<JoinOptions>({
  name: "join",
  describe: "Makes this machine a node, an operator or a viewer with an administrator's invitation, and writes its settings.",
  exitStatus: "0 it takes part, and its settings are complete; run it again to go on after an interruption",
  operands: {
    flags: "[invitation]",
    describe: "the invitation: its file, its text, or - for standard input; optional to go on after an interruption",
  },
  options: {
    folder: {flags: "--folder <folder>", describe: "folder for its files (default: /etc/dvt/sidecar, operator or console)"},
    keystores: {
      flags: "--keystores <folder>",
      describe: "charon's folder, its keystores, or the SSV node's folder, if it is not in a usual place",
    },
    definition: {flags: "--definition <file>", describe: "cluster-lock.json or the keyshares file, if it is not beside the keys"},
    passwordFile: {
      flags: "--password-file <file>",
      describe: "one password for all keystores, or that of the SSV operator's key",
    },
    passwordDir: {flags: "--password-dir <folder>", describe: "folder with one file per password"},
    remoteSigner: {
      flags: "--remote-signer <url>",
      describe: "a remote signer that holds the key shares; the administrator then needs the code that is shown",
    },
    consensusEndpoint: {flags: "--consensus-endpoint <url>", describe: "the node's own beacon node"},
    executionEndpoint: {flags: "--execution-endpoint <url>", describe: "an execution node"},
    allowedVaults: {flags: "--allowed-vaults <addresses>", describe: "sign only deposits to these vaults, separated by commas"},
    oracles: {flags: "--oracles <file>", describe: "an operator: the oracles config, instead of reading it from the chain"},
    statusPort: {flags: "--status-port <port>", describe: "port on which the sidecar says how it is (default: 8104)"},
    verify: noVerify,
  },
  examples: ["invitation.txt", "-", "invitation.txt --keystores /opt/charon/.charon --consensus-endpoint http://127.0.0.1:5052"],
  run: async (options, env, [invitation]) => (await import("../join/runJoin.js")).runJoin(invitation, options, env),
});
