import {defineCommand} from "../defineCommand.js";
import {KeysCheckEnv} from "../env/keyShareEnv.js";
import {noVerify} from "../options.js";

export const keysCheck = defineCommand<{json?: boolean; verify: boolean}>({
  name: "keys check",
  describe:
    "Opens the key shares as `dvt sidecar` would with this environment, and reports for each validator whether it can sign.",
  exitStatus: "0 it can sign for all, 2 some key shares are missing or cannot be used",
  options: {json: {flags: "--json", describe: "one JSON object"}, verify: noVerify},
  env: KeysCheckEnv,
  run: async (options, env) => (await import("../sidecar/keysCheck.js")).runKeysCheck(options, env),
});
