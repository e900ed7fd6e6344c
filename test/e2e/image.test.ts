import {execFile} from "node:child_process";
import {cp, mkdir, readFile, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {promisify} from "node:util";
import {expect, it} from "vitest";
import {projectRoot} from "../../src/runtime/projectRoot.js";
import {freePort} from "../../src/sandbox/servers/freePort.js";
import {temporaryFolder} from "../support/servers.js";

const run = promisify(execFile);

/** What the build calls, but for Node.js and npm. */
const tools = "cat chmod chown cp dirname du echo env id install ln ls mkdir mv rm sh sleep uname".split(" ");

/** Engines that need nothing of the machine but that it is Linux: Buildah keeps all in the folder, and mounts nothing. */
async function engineEnv(): Promise<NodeJS.ProcessEnv> {
  const folder = await temporaryFolder();
  const storage = join(folder, "storage.conf");
  const at = (name: string): string => JSON.stringify(join(folder, name));
  await writeFile(storage, `[storage]\ndriver = "vfs"\ngraphroot = ${at("graph")}\nrunroot = ${at("run")}\n`);
  return {...process.env, BUILDAH_ISOLATION: "chroot", CONTAINERS_STORAGE_CONF: storage};
}

/** The files of a base image: this machine's Node.js and npm, what the build calls, and their libraries. */
async function writeBase(root: string): Promise<void> {
  const put = async (from: string, to = from): Promise<void> => {
    await mkdir(dirname(join(root, to)), {recursive: true});
    await cp(from, join(root, to), {recursive: true, dereference: true});
  };
  const {stdout: found} = await run("sh", ["-c", `for it in ${tools.join(" ")}; do command -v $it; done`], {
    env: {PATH: "/usr/bin:/bin"},
  });
  const programs = [process.execPath, ...found.split("\n").filter((path) => path.startsWith("/"))];
  for (const program of programs) {
    await put(program, join("/usr/bin", program === process.execPath ? "node" : (program.split("/").at(-1) ?? "")));
  }
  // What programs and our compiled code are linked with, also the loader itself.
  const compiled = join(projectRoot, "node_modules/@chainsafe/blst-linux-x64-gnu/blst.linux-x64-gnu.node");
  const {stdout: linked} = await run("ldd", [...programs, compiled]).catch(({stdout}: {stdout: string}) => ({stdout}));
  for (const library of new Set(linked.match(/\/\S+(?= \(0x)/g))) await put(library);
  await run("sh", ["-c", "mkdir -p bin tmp usr/local/bin && chmod 1777 tmp && ln -s /usr/bin/sh bin/sh"], {cwd: root});
  const {stdout: modules} = await run("npm", ["root", "--global"]);
  await put(join(modules.trim(), "npm"), "/usr/lib/node_modules/npm");
  await writeFile(join(root, "usr/bin/npm"), '#!/bin/sh\nexec node /usr/lib/node_modules/npm/bin/npm-cli.js "$@"\n', {
    mode: 0o755,
  });
  // The build reaches the registry as this machine does.
  const {stdout: registry} = await run("npm", ["config", "get", "registry"]);
  const {stdout: cafile} = await run("npm", ["config", "get", "cafile"]);
  const authorities = cafile.trim() === "null" ? undefined : cafile.trim();
  if (authorities) await put(authorities, "/usr/etc/authorities.pem");
  const lines = [`registry=${registry.trim()}`, ...(authorities ? ["cafile=/usr/etc/authorities.pem"] : [])];
  await mkdir(join(root, "usr/etc"), {recursive: true});
  await writeFile(join(root, "usr/etc/npmrc"), `${lines.join("\n")}\n`);
  for (const file of ["/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf"]) await put(file).catch(() => {});
  await writeFile(join(root, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
}

/** In the image, as its own user: a role that waits for its files, and what its health check and people ask. */
const script = `cd /tmp
node -e 'process.chdir("/app"); for (const it of ["secp256k1/bindings", "@chainsafe/blst"]) require("/app/node_modules/" + it)' && echo compiled
id -u
dvt keys new --output relayer.nkey >/dev/null
export NETWORK=hoodi NATS_URL=nats://127.0.0.1:1 NATS_SEED_FILE=/tmp/relayer.nkey MONGODB_URL=mongodb://127.0.0.1:1/dvt
export PARTICIPANTS_FILE=/tmp/none.json ORACLES_CONFIG_FILE=/tmp/none.json STATUS_PORT=$1
dvt relayer >/dev/null 2>&1 &
relayer=$!
tries=0
until dvt health 2>/dev/null; do tries=$((tries + 1)); [ $tries -lt 30 ] || exit 1; done
dvt health --ready 2>&1
kill $relayer
`;

it("is an image that runs every command, with compiled code, its health check, and no more than the package in it", async ({
  skip,
}) => {
  const env = await engineEnv();
  const command = (program: string, ...args: string[]) => run(program, args, {cwd: projectRoot, env, maxBuffer: 1 << 26});
  const image = (...args: string[]) => command("node", "scripts/image.mjs", ...args);
  const engine = await image("--which").then(
    ({stdout}) => stdout.trim(),
    () => "",
  );
  if (engine === "") return skip("there is no container engine that answers: docker, podman or buildah");
  if (process.platform !== "linux" || process.arch !== "x64")
    return skip("the base image is made of this machine's files: Linux on x64");

  const base = await temporaryFolder();
  await writeBase(join(base, "root"));
  await writeFile(join(base, "Dockerfile"), "FROM scratch\nCOPY root /\nENV PATH=/usr/local/bin:/usr/bin:/bin\n");
  const format = engine === "docker" ? [] : ["--format", "docker"];
  await command(engine, "build", ...format, "-t", "localhost/dvt-test-base", base);

  const tag = "localhost/dvt-test";
  const {stdout} = await image("--base", "localhost/dvt-test-base", "--tag", tag);
  const {version} = JSON.parse(await readFile(join(projectRoot, "package.json"), "utf8"));
  const [, size] = new RegExp(`^${tag}: dvt ${version}\\S*, x86_64, (\\d+) MiB above the base image$`, "m").exec(stdout) ?? [];
  expect(Number(size), stdout).toBeLessThan(60);

  const inspect = engine === "buildah" ? ["inspect", "--type", "image"] : ["image", "inspect"];
  expect((await command(engine, ...inspect, tag)).stdout).toMatch(/exec node \S+ dist\/dvt\.cjs health --ready/);
  const port = String(await freePort());
  const inImage = async (): Promise<string> => {
    if (engine !== "buildah")
      return (await command(engine, "run", "--rm", "--entrypoint", "sh", tag, "-c", script, "-", port)).stdout;
    const container = (await command(engine, "from", tag)).stdout.trim();
    return (await command(engine, "run", container, "--", "sh", "-c", script, "-", port)).stdout;
  };
  expect((await inImage()).split("\n")).toEqual([
    "compiled",
    "1000",
    "relayer answers",
    "relayer is not ready",
    expect.stringMatching(/^1 STARTING: the start waits for the participants file/),
    "",
  ]);
}, 600_000);
