import {processProblem, readLimits} from "./processProblem.js";
import {runProgram} from "./runProgram.js";
import {terminal} from "./terminal.js";

/** Not at the top level: parts of the bundle import this one while it runs, and would wait for its end. */
async function main(): Promise<void> {
  const problem = processProblem(await readLimits());
  if (problem !== undefined) {
    terminal.err(`dvt: ${problem} [CONFIG_INVALID]\n`);
    process.exitCode = 78;
    return;
  }
  const status = await runProgram(process.argv.slice(2), process.env);
  // An interrupted demo has set its own.
  process.exitCode ||= status;
  // A role has released everything by now; whatever a library left open must not keep the process alive.
  process.exit();
}

void main();
