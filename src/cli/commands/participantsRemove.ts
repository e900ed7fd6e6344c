import {defineCommand} from "../defineCommand.js";
import {CentreEnv} from "../env/centreEnv.js";
import {centreFolder} from "../options.js";

export const participantsRemove = defineCommand<{folder?: string}>({
  name: "participants remove",
  describe: "Puts a participant out: its account is gone, and nobody accepts what it signs. Withdraws its invitations too.",
  operands: {flags: "<participant>", describe: "such as sidecar-alpha-1 or operator-acme"},
  options: {folder: centreFolder},
  env: CentreEnv,
  run: async (options, env, [participant = ""]) =>
    (await import("../administrator/participants.js")).runParticipantsRemove(participant, options, env),
});
