import type {InviteOptions} from "../administrator/invite.js";
import {defineCommand} from "../defineCommand.js";
import {CentreEnv} from "../env/centreEnv.js";
import {centreFolder, expires} from "../options.js";

export const invite = defineCommand<InviteOptions>({
  name: "invite",
  describe: "Invites a node, an operator or a viewer: writes a file for each to run `dvt join` with.",
  operands: {flags: "[who...]", describe: "CLUSTER SHARE_INDEX, operator ID [CLUSTER...], or viewer ID"},
  options: {
    folder: centreFolder,
    all: {flags: "--all", describe: "every share index that does not take part yet, of all clusters or of those named"},
    new: {flags: "--new", describe: "withdraw an open invitation, and make another"},
    expires,
  },
  env: CentreEnv,
  examples: ["--all", "alpha 1", "operator acme alpha", "viewer ops"],
  run: async (options, env, who) => (await import("../administrator/invite.js")).runInvite(who, options, env),
});
