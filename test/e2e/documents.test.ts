import {execFile} from "node:child_process";
import {mkdir, readFile, stat, symlink, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {promisify} from "node:util";
import {expect, it} from "vitest";
import {createSeed} from "../../src/messaging/identity.js";
import {builtFile, projectRoot} from "../../src/runtime/projectRoot.js";
import {temporaryFolder} from "../support/servers.js";
import {documents, shellBlocksOf} from "../support/shellBlocks.js";

const run = promisify(execFile);

/** Runs the blocks of a document that are marked with this test, one after the other, with /etc of a folder of their own. */
async function openDocument(document: string) {
  const folder = await temporaryFolder();
  await mkdir(join(folder, "etc"));
  for (const name of ["nats.conf", "docker", "package.json"]) await symlink(join(projectRoot, name), join(folder, name));
  const own = (text: string): string =>
    text.replaceAll("/etc/dvt", `${folder}/etc/dvt`).replaceAll("/opt/dvt-exits", projectRoot);
  const before = `set -euo pipefail\nsudo() { "$@"; }\ndvt() { '${process.execPath}' '${builtFile("dvt.cjs")}' "$@"; }\n`;
  const env = {...process.env, USER: String(process.getuid?.() ?? "")};
  const blocks = shellBlocksOf(document).filter(({runBy}) => runBy === "test/e2e/documents.test.ts");
  return {
    etc: join(folder, "etc/dvt"),
    /** Runs the next block, and resolves with what it printed. */
    next: async (): Promise<string> =>
      (await run("bash", ["-c", before + own(blocks.shift()?.text as string)], {cwd: folder, env})).stdout,
    left: () => blocks.length,
  };
}

it("runs the commands of docs/by-hand.md, which make the files of a centre", async () => {
  const {etc, next, left} = await openDocument("docs/by-hand.md");
  const printed = await next();
  const [nkey = "", encryptionKey = ""] = printed.trim().split("\n");
  expect((await stat(join(etc, "relayer/relayer.nkey"))).mode & 0o777).toBe(0o600);

  // What people write between the commands, with the keys that those printed.
  const [, participants = ""] = /```json\n(.*?)```/s.exec(await readFile(join(projectRoot, "docs/by-hand.md"), "utf8")) ?? [];
  const filled = participants.replace("0x<128 hex digits>", encryptionKey).replace("U<its public nkey>", nkey);
  const others = filled.replaceAll("U<its public nkey>", () => createSeed().nkey);
  await writeFile(join(etc, "shared/participants.json"), others);

  await next();
  expect(await readFile(join(etc, "nats/accounts.conf"), "utf8")).toContain(nkey);
  expect(await readFile(join(etc, "gateway/mongodb.url"), "utf8")).toMatch(/^mongodb:\/\/gateway:[0-9a-f]{48}@/);
  expect((await stat(join(etc, "mongo/root.password"))).mode & 0o077).toBe(0);

  await mkdir(join(etc, "sidecar"));
  await mkdir(join(etc, "operator"));
  await next();
  expect(await readFile(join(etc, "operator/operator.env"), "utf8")).toContain("OPERATOR_ID=");
  expect(left()).toBe(0);
});

it("runs the commands of docs/configuration.md, which make a token and print its hash", async () => {
  const {next, left} = await openDocument("docs/configuration.md");
  expect(await next()).toMatch(/^[0-9a-f]{64} /);
  expect(left()).toBe(0);
});

it("runs the commands of docs/migrating.md, which make the nkeys that the gateway holds", async () => {
  const {etc, next, left} = await openDocument("docs/migrating.md");
  await mkdir(etc);
  await mkdir(join(etc, "gateway"));
  const made = (await next()).trim().split("\n");
  expect(made.map((line) => line.split(" ")[0])).toEqual(["operator-acme", ...[1, 2, 3, 4].map((it) => `sidecar-alpha-${it}`)]);
  for (const line of made) expect(line).toMatch(/ U[A-Z2-7]{55}$/);
  expect(left()).toBe(0);
});

it("runs dvt from a checkout, as the README installs it", async () => {
  const {next, left} = await openDocument("README.md");
  expect(await next()).toContain("Usage: dvt");
  expect(left()).toBe(0);
});

it("forgets no document that has commands for it", () => {
  const marked = documents.filter((it) => shellBlocksOf(it).some(({runBy}) => runBy === "test/e2e/documents.test.ts"));
  expect(marked).toEqual(["README.md", "docs/by-hand.md", "docs/configuration.md", "docs/migrating.md"]);
});
