import {Argument, type Command, Option as CommanderOption} from "commander";
import type {CommandDefinition, CommandList, Option} from "./defineCommand.js";
import {describeEnv} from "./env/describeEnv.js";

type Running = {
  readonly list: CommandList;
  readonly env: NodeJS.ProcessEnv;
  readonly setExitCode: (code: number) => void;
};

/** Adds every command of the list to the program. */
export function addCommands(program: Command, running: Running): void {
  const {commands, groups} = running.list;
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
  if (operands) command.addArgument(toArgument(operands));
  for (const option of Object.values(options)) command.addOption(toCommanderOption(option));
  command.addHelpText("after", () => `${describeExamples(definition)}${env ? describeEnv(env) : ""}`);
  command.action(async () => {
    const status = await run(command.opts(), running.env, command.args, running.list);
    if (status !== undefined) running.setExitCode(status);
  });
}

function toArgument({flags, describe, choices}: NonNullable<CommandDefinition["operands"]>): Argument {
  const argument = new Argument(flags, describe);
  return choices === undefined ? argument : argument.choices(choices);
}

function toCommanderOption({flags, describe, required, default: fallback, parse}: Option): CommanderOption {
  const option = new CommanderOption(flags, describe).makeOptionMandatory(required === true);
  if (fallback !== undefined) option.default(fallback);
  if (parse) option.argParser(parse);
  return option;
}

const describeExamples = ({name, examples = []}: CommandDefinition): string =>
  examples.length === 0 ? "" : `\nExamples:\n${examples.map((it) => `  dvt ${name} ${it}\n`).join("")}`;
