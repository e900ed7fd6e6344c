import type {AcceptOptions} from "../administrator/accept.js";
import {defineCommand} from "../defineCommand.js";
import {CentreEnv} from "../env/centreEnv.js";
import {centreFolder} from "../options.js";

export const accept = defineCommand<Omit<AcceptOptions, "pollMs">>({
  name: "accept",
  describe: "Lists who has enrolled with an invitation, and takes them: by their code, or all whose key share signed for them.",
  exitStatus: "0 done, 2 whoever was named cannot be taken, 75 stopped while invitations were open",
  operands: {flags: "[participant]", describe: "whom to take, such as sidecar-alpha-1, or the id of an invitation"},
  options: {
    folder: centreFolder,
    code: {flags: "--code <code>", describe: "the code that `dvt join` shows there, told over another channel"},
    auto: {flags: "--auto", describe: "take every node that proves that it has its key share"},
    wait: {flags: "--wait", describe: "stay until no invitation is open"},
  },
  env: CentreEnv,
  examples: ["--auto --wait", "operator-acme --code J4EA-EX6Y-4JU2"],
  run: async (options, env, [participant]) => (await import("../administrator/accept.js")).runAccept(participant, options, env),
});
