#!/usr/bin/env node
// libuv reads how many threads it is to have when it first needs one, which is before the first line of an ES module runs; as it
// comes, it has 4, on which keystores are decrypted and signatures checked.
const {availableParallelism} = process.getBuiltinModule("node:os");
process.env["UV_THREADPOOL_SIZE"] ??= String(Math.min(64, Math.max(4, availableParallelism())));
void import("./main.js");
