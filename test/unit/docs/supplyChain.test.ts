import {spawnSync} from "node:child_process";
import {existsSync} from "node:fs";
import {fileURLToPath} from "node:url";
import {describe, expect, it} from "vitest";
import {readText} from "./document.js";

type Locked = {version?: string; resolved?: string; integrity?: string; hasInstallScript?: boolean; link?: boolean};
const manifest = JSON.parse(readText("package.json"));
const locked: [string, Locked][] = Object.entries(
  JSON.parse(readText("package-lock.json")).packages as Record<string, Locked>,
).filter(([path]) => path !== "");
const security = readText("docs/security.md");

describe("what we depend on", () => {
  it("has an exact version each", () => {
    for (const [name, version] of Object.entries({...manifest.dependencies, ...manifest.devDependencies})) {
      expect(version, name).toMatch(/^[0-9]+\.[0-9]+\.[0-9]+$/);
    }
  });

  it("has a hash in the lock file for every package, direct or not", () => {
    for (const [path, {integrity}] of locked) expect(integrity, path).toMatch(/^sha512-/);
  });

  it("runs no install script that is not named, with what we want of it", () => {
    const withScript = locked
      .filter(([, {hasInstallScript}]) => hasInstallScript)
      .map(([path]) => path.split("node_modules/").at(-1));
    expect(withScript.sort()).toEqual(Object.keys(manifest.allowScripts).sort());
    for (const name of withScript) expect(security).toContain(`\`${name}\``);
  });

  it("is answered for in docs/security.md, package by package", () => {
    for (const name of Object.keys({...manifest.dependencies, ...manifest.devDependencies})) {
      expect(security, name).toContain(`\`${name}\``);
    }
  });
});

it("packs what `dvt init` and the image need beside the code: npm leaves out what git ignores, and nothing else", () => {
  const root = fileURLToPath(new URL("../../..", import.meta.url));
  expect(manifest).not.toHaveProperty("files");
  expect(existsSync(`${root}/.npmignore`)).toBe(false);
  const roles = ["centre", "relayer", "aggregator", "gateway", "console", "operator"].map((it) => `docker/env/${it}.env.example`);
  const units = [
    "docker/systemd/dvt-nats.service",
    "docker/systemd/dvt-.service.d/common.conf",
    "docker/systemd/dvt.sysusers.conf",
  ];
  const start = ["docker/centre/compose.yaml", "docker/centre/env.example", "docker/compose.yaml", "docker/mongo/users.js"];
  const needed = ["nats.conf", "docker/Dockerfile", ...roles, ...units, ...start];
  for (const path of needed) expect(existsSync(`${root}/${path}`), path).toBe(true);
  const {status, stdout} = spawnSync("git", ["check-ignore", ...needed], {cwd: root, encoding: "utf8"});
  expect({status, stdout}).toEqual({status: 1, stdout: ""});
});
