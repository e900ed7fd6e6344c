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
