import type {LetterChoice} from "../administrator/deadLetters.js";
import {defineCommand} from "../defineCommand.js";
import {DeadLettersRetryEnv} from "../env/administratorEnv.js";
import {letterOptions} from "./letterOptions.js";

export const deadLettersRetry = defineCommand<LetterChoice>({
  name: "dead-letters retry",
  describe: "Has the relayer request the exits of dead letters again, and deletes the letters.",
  exitStatus: "0 all retried, 2 some cannot be retried and stay",
  options: letterOptions,
  env: DeadLettersRetryEnv,
  examples: ["--seq 17 --seq 18"],
  run: async (options, env) => (await import("../administrator/deadLetters.js")).runDeadLettersRetry(options, env),
});
