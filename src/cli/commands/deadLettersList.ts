import type {LetterChoice} from "../administrator/deadLetters.js";
import {defineCommand} from "../defineCommand.js";
import {DeadLettersEnv} from "../env/administratorEnv.js";
import {letterOptions} from "./letterOptions.js";

export const deadLettersList = defineCommand<LetterChoice & {json?: boolean}>({
  name: "dead-letters list",
  describe: "Lists dead letters, oldest first.",
  options: {...letterOptions, json: {flags: "--json", describe: "one JSON object per line"}},
  env: DeadLettersEnv,
  examples: ["--stream EXIT_SHARES --code SHARE_SIGNATURE_INVALID"],
  run: async (options, env) => (await import("../administrator/deadLetters.js")).runDeadLettersList(options, env),
});
