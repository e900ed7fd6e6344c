import {execFile} from "node:child_process";
import {existsSync} from "node:fs";
import {readFile, rm} from "node:fs/promises";
import {join} from "node:path";
import {promisify} from "node:util";
import {expect, it} from "vitest";
import {stacks} from "../../src/cli/join/findStack.js";
import {networks} from "../../src/consensus/networks.js";
import {projectRoot} from "../../src/runtime/projectRoot.js";
import {writeCluster} from "../../src/sandbox/makeCluster.js";
import {temporaryFolder} from "../support/servers.js";

const run = promisify(execFile);

/** An environment in which npm configures nothing of the process that runs the tests. */
const clean = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^npm_(config_local|lifecycle|package)/.test(name)),
);

type Tree = {version?: string; dependencies?: Record<string, Tree>};
/** Every package below this one, with its version. What is for other machines is there without one. */
const namesIn = ({dependencies = {}}: Tree): string[] =>
  Object.entries(dependencies).flatMap(([name, it]) => [...(it.version ? [`${name} ${it.version}`] : []), ...namesIn(it)]);

it("is a package that installs into a clean prefix, with the versions of our lock file, and runs the demo", async () => {
  const folder = await temporaryFolder();
  const {stdout} = await run("node", ["scripts/package.mjs", folder], {cwd: projectRoot, env: clean});
  const prefix = join(folder, "prefix");
  const install = ["install", "--global", "--prefix", prefix, "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"];
  await run("npm", [...install, stdout.trim()], {cwd: folder, env: clean});

  const locked = JSON.parse(await readFile(join(projectRoot, "package-lock.json"), "utf8")).packages as Record<string, Tree>;
  const ours = Object.entries(locked).map(([place, {version}]) => `${place.split("node_modules/").at(-1)} ${version}`);
  const tree: Tree = JSON.parse(
    (await run("npm", ["ls", "--global", "--prefix", prefix, "--all", "--json"], {env: clean})).stdout,
  );
  const theirs = namesIn(tree.dependencies?.["dvt-exits"] as Tree);
  expect(theirs.length).toBeGreaterThan(20);
  expect(theirs.filter((it) => !ours.includes(it))).toEqual([]);

  // The image has this and nothing else of ours.
  expect(Number.parseInt((await run("du", ["-sm", prefix])).stdout, 10)).toBeLessThan(60);

  const dvt = (...args: string[]) => run(join(prefix, "bin/dvt"), args, {cwd: folder, env: clean});
  expect((await dvt("--version")).stdout).toMatch(/^\d+\.\d+\.\d+/);
  expect((await dvt("demo", "--validators", "1", "--nodes", "2", "--threshold", "2")).stdout).toContain("1 of 1 exits completed");

  // It has the files that nodes' own stacks include, and those that `dvt init` fills in.
  const installed = join(prefix, "lib/node_modules/dvt-exits");
  for (const stack of Object.keys(stacks)) await readFile(join(installed, "docker", stack, "compose-dvt.yml"));
  // docker/Dockerfile builds a checkout from its source, and takes the package as it is.
  const [, mark] = /RUN if \[ -f (\S+) \]/.exec(await readFile(join(installed, "docker/Dockerfile"), "utf8")) ?? [];
  expect(existsSync(join(projectRoot, mark as string))).toBe(true);
  expect(existsSync(join(installed, mark as string))).toBe(false);

  const {clusterLock} = await writeCluster(folder, networks.hoodi, {validators: 1, nodes: 2, threshold: 2, keystoreRounds: 2});
  const centre = ["--network", "hoodi", "--cluster-lock", `alpha=${clusterLock}`, "--operator", "acme"];
  const made = await dvt("init", ...centre, "--nats-url", "tls://localhost:4222", "--folder", join(folder, "centre"));
  expect(made.stdout).toContain("dvt invite --all");
  await rm(prefix, {recursive: true});
});
