import {defineCommand} from "../defineCommand.js";
import {CentreEnv} from "../env/centreEnv.js";
import {centreFolder} from "../options.js";

export const participantsList = defineCommand<{folder?: string}>({
  name: "participants list",
  describe: "Lists who takes part, with their nkeys, and the open invitations.",
  options: {folder: centreFolder},
  env: CentreEnv,
  run: async (options, env) => (await import("../administrator/participants.js")).runParticipantsList(options, env),
});
