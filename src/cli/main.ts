import {quickHealth} from "./health/quickHealth.js";

const args = process.argv.slice(2);
const status = await (quickHealth(args, process.env) ?? runAny());
// An interrupted demo has set its own.
process.exitCode ||= status;
// A role has released everything by now; whatever a library left open must not keep the process alive.
process.exit();

async function runAny(): Promise<number> {
  const {runProgram} = await import("./runProgram.js");
  return runProgram(args, process.env);
}
