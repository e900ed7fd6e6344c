#!/usr/bin/env node
// libuv reads how many threads it is to have when it first needs one, which is before the first line of an ES module runs; as it
// comes, it has 4, on which keystores are decrypted and signatures checked.
const {availableParallelism} = process.getBuiltinModule("node:os");
process.env["UV_THREADPOOL_SIZE"] ??= String(Math.min(64, Math.max(4, availableParallelism())));
// Where nobody listens to it, this signal has Node.js open its debugger, which whoever is on the machine can then reach.
process.on("SIGUSR1", () => {});

async function start(): Promise<void> {
  const {processProblem, readLimits} = await import("./processProblem.js");
  const problem = processProblem(await readLimits());
  if (problem === undefined) await import("./main.js");
  else {
    const {terminal} = await import("./terminal.js");
    terminal.err(`dvt: ${problem} [CONFIG_INVALID]\n`);
    process.exitCode = 78;
  }
}
void start();
