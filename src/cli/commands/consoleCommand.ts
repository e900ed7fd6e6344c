import {defineCommand} from "../defineCommand.js";
import {ConsoleEnv} from "../env/consoleEnv.js";

export const consoleCommand = defineCommand({
  name: "console",
  describe: "Serves a page that shows what is open, who is missing, why and since when. It changes nothing. Runs until stopped.",
  options: {},
  env: ConsoleEnv,
  run: async (_, env) => (await import("../console/runConsole.js")).runConsole(env),
});
