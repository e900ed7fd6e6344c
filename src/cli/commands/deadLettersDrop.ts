import type {LetterChoice} from "../administrator/deadLetters.js";
import {defineCommand} from "../defineCommand.js";
import {DeadLettersEnv} from "../env/administratorEnv.js";
import {letterOptions} from "./letterOptions.js";

export const deadLettersDrop = defineCommand<LetterChoice & {all?: boolean}>({
  name: "dead-letters drop",
  describe: "Deletes dead letters.",
  options: {...letterOptions, all: {flags: "--all", describe: "all of them"}},
  env: DeadLettersEnv,
  examples: ["--code INTERNAL"],
  run: async (options, env) => (await import("../administrator/deadLetters.js")).runDeadLettersDrop(options, env),
});
