import {Argument, type Command, Option as CommanderOption} from "commander";
import type {CommandDefinition, Option} from "./defineCommand.js";
import {describeEnv} from "./env/describeEnv.js";

type CommandList = {
  readonly commands: readonly CommandDefinition[];
  /** The description of each group of commands. */
  readonly groups: Readonly<Record<string, string>>;
  readonly env: NodeJS.ProcessEnv;
  readonly setExitCode: (code: number) => void;
};

type Running = Pick<CommandList, "env" | "setExitCode">;

/** Adds every command of the list to the program. */
export function addCommands(program: Command, {commands, groups, ...running}: CommandList): void {
  for (const definition of commands) {
    const words = definition.name.split(" ");
    const name = words.pop() as string;
    const parent = words.reduce(
      (group, word) => findGroup(group, word) ?? group.command(word).description(groups[word] ?? ""),
      program,
    );
    addCommand(parent.command(name), definition, running);
  }
}

const findGroup = (parent: Command, word: string): Command | undefined => parent.commands.find((it) => it.name() === word);

function addCommand(command: Command, definition: CommandDefinition, running: Running): void {
  const {describe, exitStatus, operands, options, env, run} = definition;
  command.summary(describe).description(exitStatus === undefined ? describe : `${describe}\nExit status: ${exitStatus}.`);
  if (operands) command.addArgument(new Argument(operands.flags, operands.describe));
  for (const option of Object.values(options)) command.addOption(toCommanderOption(option));
  command.addHelpText("after", () => `${describeExamples(definition)}${env ? describeEnv(env) : ""}`);
  command.action(async () => {
    const status = await run(command.opts(), running.env, command.args);
    if (status !== undefined) running.setExitCode(status);
  });
}

function toCommanderOption({flags, describe, required, default: fallback, parse}: Option): CommanderOption {
  const option = new CommanderOption(flags, describe).makeOptionMandatory(required === true);
  if (fallback !== undefined) option.default(fallback);
  if (parse) option.argParser(parse);
  return option;
}

const describeExamples = ({name, examples = []}: CommandDefinition): string =>
  examples.length === 0 ? "" : `\nExamples:\n${examples.map((it) => `  dvt ${name} ${it}\n`).join("")}`;
