import {defineCommand} from "../defineCommand.js";
import {CentreEnv} from "../env/centreEnv.js";
import {centreFolder, expires} from "../options.js";

export const participantsRotate = defineCommand<{folder?: string; expires?: number}>({
  name: "participants rotate",
  describe: "Invites a participant to a new nkey. The one that it has works until the new one is taken.",
  operands: {flags: "<participant>", describe: "such as sidecar-alpha-1 or operator-acme"},
  options: {folder: centreFolder, expires},
  env: CentreEnv,
  run: async (options, env, [participant = ""]) =>
    (await import("../administrator/participants.js")).runParticipantsRotate(participant, options, env),
});
