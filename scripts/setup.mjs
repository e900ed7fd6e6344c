// Makes a checkout ready to run: its dependencies and its build, each only if it is missing or stale. Runs before node_modules
// exists, so it uses Node.js alone.
import {execFileSync, spawnSync} from "node:child_process";
import {createHash} from "node:crypto";
import {existsSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Node.js 20.19 or later is needed; this is ${process.versions.node}. Install a current release (https://nodejs.org) and run it again.`,
  );
  process.exit(1);
}

const filesBelow = (path) =>
  readdirSync(join(root, path), {withFileTypes: true})
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(join(path, entry.name)) : [join(path, entry.name)]));

const hashOf = (paths) => {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch} ${process.versions.modules}`);
  for (const path of paths) hash.update(`\0${path}\0`).update(readFileSync(join(root, path)));
  return hash.digest("hex");
};

/** Runs the command unless the stamp says that it was run for these very inputs. `prepare` may say what else it needs. */
function step({stamp, inputs, announce, prepare = () => ({}), command, clean, ...rest}) {
  const stampFile = join(root, stamp);
  const wanted = hashOf(inputs);
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === wanted) return;
  console.error(`• ${announce}`);
  if (clean) rmSync(join(root, clean), {recursive: true, force: true});
  const {args = [], stderr = 2, help = rest.help} = prepare();
  try {
    // Standard output belongs to the command that was asked for; what goes wrong is on standard error.
    execFileSync(command[0], [...command.slice(1), ...args], {cwd: root, stdio: ["ignore", "ignore", stderr]});
  } catch {
    console.error(help);
    process.exit(1);
  }
  writeFileSync(stampFile, wanted);
}

/** npm ci tries each request again for minutes and says nothing of it, so whether the registry answers is found out first. */
function askRegistry() {
  const {stderr, status, error} = spawnSync("npm", ["ping", "--fetch-retries=0", "--loglevel=error"], {
    cwd: root,
    encoding: "utf8",
    timeout: 15_000,
  });
  const code = /code (E[A-Z_]+|E[0-9]{3})\b/.exec(stderr ?? "")?.[1] ?? error?.code ?? "no answer";
  // A mirror may have no ping, which it says with an HTTP status; without npm, npm ci says so.
  if (status === 0 || /^E[0-9]{3}$/.test(code) || code === "ENOENT") return {};
  console.error(`  the npm registry does not answer (${code}): looking into npm's cache`);
  const help = [
    `The dependencies cannot be installed: the npm registry does not answer (${code}), and npm's cache does not have all of them.`,
    "Connect this machine to the network, or name a mirror or a proxy (npm config set registry URL, npm config set proxy URL), and run it again.",
  ].join("\n");
  return {args: ["--offline"], stderr: "ignore", help};
}

step({
  stamp: "node_modules/.setup",
  inputs: ["package-lock.json"],
  announce: "installing dependencies (npm ci)",
  prepare: askRegistry,
  command: ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"],
  help: "npm ci failed: see above. It needs the npm registry, or a cache or mirror of it (npm config get registry).",
});
step({
  stamp: "dist/.setup",
  inputs: [
    "package-lock.json",
    "rolldown.config.ts",
    ...filesBelow("src"),
    ...filesBelow("schemas").filter((path) => path.endsWith(".ts")),
  ],
  announce: "building (rolldown)",
  command: ["node", "node_modules/rolldown/bin/cli.mjs", "-c", "rolldown.config.ts", "--logLevel", "warn"],
  clean: "dist",
  help: "The build failed: see above.",
});
step({
  stamp: `dist/compiled-${process.versions.v8}-${process.arch}/.setup`,
  inputs: ["dist/.setup"],
  announce: "compiling",
  command: ["node", "dist/compileBundle.cjs"],
  help: "Compiling failed: see above.",
});
writeCommit();

/** For `dvt --version`: the commit that the build is of. Without git, as in a tarball, dist/commit stays as it is, or is missing. */
function writeCommit() {
  if (!existsSync(join(root, ".git"))) return;
  const args = ["--no-optional-locks", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"];
  try {
    writeFileSync(join(root, "dist/commit"), execFileSync("git", args, {cwd: root, stdio: ["ignore", "pipe", "ignore"]}));
  } catch {
    // There is no git, or it does not trust the owner of the checkout.
    rmSync(join(root, "dist/commit"), {force: true});
  }
}
