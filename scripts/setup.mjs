// Makes a checkout ready to run: its dependencies and its build, each only if it is missing or stale. Runs before node_modules
// exists, so it uses Node.js alone.
import {execFileSync} from "node:child_process";
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

/** Runs the command unless the stamp says that it was run for these very inputs. */
function step({stamp, inputs, announce, command, clean, help}) {
  const stampFile = join(root, stamp);
  const wanted = hashOf(inputs);
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === wanted) return;
  console.error(`• ${announce}`);
  if (clean) rmSync(join(root, clean), {recursive: true, force: true});
  try {
    // Standard output belongs to the command that was asked for; what goes wrong is on standard error.
    execFileSync(command[0], command.slice(1), {cwd: root, stdio: ["ignore", "ignore", 2]});
  } catch {
    console.error(help);
    process.exit(1);
  }
  writeFileSync(stampFile, wanted);
}

step({
  stamp: "node_modules/.setup",
  inputs: ["package-lock.json"],
  announce: "installing dependencies (npm ci)",
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
