import {runProgram} from "./runProgram.js";

const status = await runProgram(process.argv.slice(2), process.env);
// An interrupted demo has set its own.
process.exitCode ||= status;
// A role has released everything by now; whatever a library left open must not keep the process alive.
process.exit();
