import type {LetterChoice} from "../administrator/deadLetters.js";
import type {CommandDefinition} from "../defineCommand.js";
import {integers} from "../options.js";

/** The options that choose dead letters; a letter has to fit each that is given. */
export const letterOptions: CommandDefinition<LetterChoice>["options"] = {
  stream: {flags: "--stream <name>", describe: "only those whose message was in this stream"},
  code: {flags: "--code <code>", describe: "only those with this error code"},
  seq: {flags: "--seq <n>", describe: "only the one with this number; may be repeated", parse: integers},
};
