import type {Shell} from "../completion/completionScript.js";
import {defineCommand} from "../defineCommand.js";
import {terminal} from "../terminal.js";

const shells = ["bash", "zsh", "fish"] as const satisfies readonly Shell[];

export const completion = defineCommand<object>({
  name: "completion",
  describe: "Prints a script that completes dvt's commands and options in a shell, and says where to store it.",
  operands: {flags: "<shell>", describe: "bash, zsh or fish", choices: shells},
  options: {},
  examples: ["bash"],
  run: async (_options, _env, [shell], list) => {
    const {completionScript} = await import("../completion/completionScript.js");
    terminal.out(completionScript(shell as Shell, list));
  },
});
