import {Command, CommanderError} from "commander";
import {DvtError, exitCodeOf} from "../errors.js";
import {addCommands} from "./addCommands.js";
import {commands, groups} from "./commands.js";
import {terminal} from "./terminal.js";
import {fullVersion} from "./version.js";
import {warnMisspelt} from "./warnMisspelt.js";

/** Runs `dvt` with these arguments, without `dvt` itself, and resolves with its exit status. */
export async function runProgram(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  let status = 0;
  const program = new Command("dvt")
    .description("Collects, splits and encrypts the pre-signed exits of distributed validators, for StakeWise Vaults.")
    .exitOverride()
    .version(fullVersion, "-V, --version", "print the version and the commit")
    .showHelpAfterError("(see --help)")
    .hook("preAction", () => warnMisspelt(env));
  addCommands(program, {
    list: {commands, groups},
    env,
    setExitCode: (code) => {
      status = code;
    },
  });
  try {
    await program.parseAsync(args, {from: "user"});
    return status;
  } catch (error) {
    return report(error);
  }
}

/** Prints what was wrong and what to do; a stack only for our own bugs. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 64;
  if (error instanceof DvtError) terminal.err(`dvt: ${error.message} [${error.code}]\n`);
  else terminal.err(`dvt: this is a bug: ${(error as Error).stack ?? String(error)}\n`);
  return exitCodeOf(error);
}
