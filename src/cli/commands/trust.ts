import {defineCommand} from "../defineCommand.js";
import {TrustEnv} from "../env/trustEnv.js";
import type {TrustOptions} from "../trust/runTrust.js";

export const trust = defineCommand<TrustOptions>({
  name: "trust",
  describe:
    "Shows whom the administrator's latest participants.json asks this node to trust in addition, and asks whether you agree. Needs the settings of the role.",
  exitStatus: "1 if you do not agree",
  options: {
    show: {flags: "--show", describe: "only show whom this node trusts"},
    yes: {flags: "--yes", describe: "agree without being asked, after you have compared it with the administrator"},
  },
  env: TrustEnv,
  examples: ["--show"],
  run: async (options, env) => (await import("../trust/runTrust.js")).runTrust(options, env),
});
