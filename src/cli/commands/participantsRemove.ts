import {defineCommand} from "../defineCommand.js";
import {CentreEnv} from "../env/centreEnv.js";
import {centreFolder} from "../options.js";

export const participantsRemove = defineCommand<{folder?: string}>({
  name: "participants remove",
  describe: "Removes a participant and its account, and withdraws its invitations. Nobody accepts what it signs any more.",
  operands: {flags: "<participant>", describe: "such as sidecar-alpha-1 or operator-acme"},
  options: {folder: centreFolder},
  env: CentreEnv,
  run: async (options, env, [participant = ""]) =>
    (await import("../administrator/participants.js")).runParticipantsRemove(participant, options, env),
});
