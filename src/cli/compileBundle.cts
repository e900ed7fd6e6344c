// node dist/compileBundle.cjs: stores, beside the bundle, what V8 compiles of it. V8 compiles most functions when they are first called,
// so commands run, as far as to find that they have no settings.
import type {Script} from "node:vm";

const {execFileSync} = process.getBuiltinModule("node:child_process");
const {existsSync, mkdirSync, readdirSync, renameSync, writeFileSync} = process.getBuiltinModule("node:fs");
const {join} = process.getBuiltinModule("node:path");
const loading = require("./loadBundle.cjs") as typeof import("./loadBundle.js", { with: {"resolution-mode": "import"}});
const {compile, compiledFolder, loadBundle} = loading;

const folder = __dirname;
const vault = ["--vault", `0x${"00".repeat(20)}`];
const commands = [
  ["relayer"],
  ["aggregator"],
  ["sidecar"],
  ["gateway"],
  ["console"],
  ["operator", "request", "--deposit-data", "none.json"],
  ["operator", "register", ...vault],
  ["operator", "vault", ...vault],
  ["status"],
  ["streams", "apply"],
  ["doctor", "sidecar"],
];

if (process.argv.length > 2) {
  const scripts = new Map<string, Script>();
  process.on("exit", () => scripts.forEach((script, name) => void store(name, script)));
  loadBundle(folder, require, (name, script) => scripts.set(name, script));
} else {
  mkdirSync(join(folder, compiledFolder), {recursive: true});
  for (const command of commands) run(command);
  const others = readdirSync(folder).filter((name) => name.endsWith(".cjs") && !existsSync(join(folder, compiledFolder, name)));
  for (const name of others.filter((it) => !/^(dvt|loadBundle|compileBundle)\./.test(it))) store(name, compile(folder, name));
}

/** Each ends with an error. */
function run(command: readonly string[]): void {
  try {
    execFileSync(process.execPath, [__filename, ...command], {env: {}, cwd: folder, stdio: "ignore"});
  } catch (error) {
    if (typeof (error as {status?: unknown}).status !== "number") throw error;
  }
}

/** At once, because another process may read it. */
function store(name: string, script: Script): void {
  const path = join(folder, compiledFolder, name);
  writeFileSync(`${path}.${process.pid}`, script.createCachedData());
  renameSync(`${path}.${process.pid}`, path);
}
