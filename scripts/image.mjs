// Builds the container image of this checkout, runs `dvt --version` in it, and prints its tag and what it adds to its base image.
import {execFileSync} from "node:child_process";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {parseArgs} from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));
const help = `npm run image -- [options]

Builds the container image of this checkout from the package's content, with the first of Docker, Podman and Buildah that answers.

  --tag <name>         the image's name (default: dvt-exits)
  --base <image>       the base image: Debian with Node.js and its headers (default: node:22-bookworm-slim)
  --platform <name>    linux/amd64 or linux/arm64 (default: this machine's); for another one, qemu-user-static has to be installed
  --engine <name>      docker, podman or buildah
  --which              prints the engine that would build, and builds nothing
  --help
`;

/** What tells that an engine works; docker's client may be there without its daemon. */
const engines = {docker: ["version"], podman: ["info"], buildah: ["info"]};
const noEngine = `There is no container engine, or none answers. Install one of these:
- Docker (https://docs.docker.com/engine/install), and see that its daemon runs and that you may use it: docker version
- Podman: apt-get install podman
- Buildah, which needs no daemon: apt-get install buildah. In a container, or wherever it may not mount:
  BUILDAH_ISOLATION=chroot STORAGE_DRIVER=vfs npm run image
`;
/** As in sysexits.h. */
const [usage, unavailable] = [64, 69];

const values = readOptions();
const {tag, base, platform} = values;

if (values.help) {
  process.stdout.write(help);
} else {
  const engine = findEngine(values.engine);
  if (values.which) console.log(engine);
  else build(engine);
}

function readOptions() {
  const [text, flag] = [{type: "string"}, {type: "boolean"}];
  const options = {tag: {...text, default: "dvt-exits"}, base: text, platform: text, engine: text, which: flag, help: flag};
  try {
    return parseArgs({options}).values;
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${help}`);
    process.exit(usage);
  }
}

function findEngine(named) {
  const answers = (name) => {
    try {
      execFileSync(name, engines[name], {stdio: "ignore"});
      return true;
    } catch {
      return false;
    }
  };
  const found = (named === undefined ? Object.keys(engines) : [named]).find((name) => engines[name] && answers(name));
  if (found !== undefined) return found;
  process.stderr.write(noEngine);
  process.exit(unavailable);
}

function build(engine) {
  const folder = mkdtempSync(join(tmpdir(), "dvt-image-"));
  try {
    execFileSync(process.execPath, [join(root, "scripts", "package.mjs"), "--unpacked", folder]);
    const options = [
      ...["-f", join(folder, "docker", "Dockerfile"), "-t", tag],
      ...(base === undefined ? [] : ["--build-arg", `NODE_IMAGE=${base}`]),
      ...(platform === undefined ? [] : ["--platform", platform]),
      // OCI's own format has no health check.
      ...(engine === "docker" ? [] : ["--format", "docker"]),
    ];
    execFileSync(engine, ["build", ...options, folder], {stdio: "inherit"});
  } catch {
    // It has said why.
    process.exitCode = 1;
    return;
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
  const [version, architecture, kilobytes] = runIn(engine, "dvt --version && uname -m && du -sk /app").split("\n");
  console.log(`${tag}: dvt ${version}, ${architecture}, ${Math.ceil(parseInt(kilobytes, 10) / 1024)} MiB above the base image`);
}

/** What a shell in the image prints. */
function runIn(engine, script) {
  const capture = (...args) => execFileSync(engine, args, {encoding: "utf8", stdio: ["ignore", "pipe", "inherit"]}).trim();
  const on = platform === undefined ? [] : ["--platform", platform];
  if (engine !== "buildah") return capture("run", "--rm", "--network", "none", ...on, "--entrypoint", "sh", tag, "-c", script);
  const container = capture("from", ...on, tag);
  try {
    return capture("run", container, "--", "sh", "-c", script);
  } finally {
    capture("rm", container);
  }
}
