#!/usr/bin/env node
// libuv reads this variable when it first needs a thread, which may be while the program is read. Its default of 4 threads slows down
// decrypting keystores and checking signatures.
const {availableParallelism} = process.getBuiltinModule("node:os");
process.env["UV_THREADPOOL_SIZE"] ??= String(Math.min(64, Math.max(4, availableParallelism())));
// Without a listener, this signal makes Node.js open its debugger to everyone on the machine.
process.on("SIGUSR1", () => {});

const {loadBundle} = require("./loadBundle.cjs") as typeof import("./loadBundle.js", { with: {"resolution-mode": "import"}});
loadBundle(__dirname, require);
