import {execFileSync} from "node:child_process";
import {readdirSync, readFileSync} from "node:fs";
import {expect, it} from "vitest";
import {compile} from "../../src/cli/loadBundle.js";
import {builtFile} from "../../src/runtime/projectRoot.js";

const starters = ["dvt.cjs", "loadBundle.cjs", "compileBundle.cjs"];
const chunks = readdirSync(builtFile()).filter((name) => name.endsWith(".cjs") && !starters.includes(name));

it("has what V8 compiled of each file, and V8 takes it", () => {
  expect(chunks.length).toBeGreaterThan(50);
  expect(chunks.filter((name) => compile(builtFile(), name).cachedDataRejected !== false)).toEqual([]);
});

it("imports nothing, which only Node.js' own loader could do", () => {
  const code = (name: string): string[] =>
    readFileSync(builtFile(name), "utf8")
      .split("\n")
      .filter((line) => !/^\s*(\*|\/)/.test(line));
  expect(chunks.flatMap((name) => code(name).filter((line) => /(^|[^\w.`"])import\(/.test(line)))).toEqual([]);
});

it("runs without what V8 compiled, too, as it does with source maps", () => {
  const run = (flag: string) => execFileSync(process.execPath, [flag, builtFile("dvt.cjs"), "--version"], {encoding: "utf8"});
  expect(run("--enable-source-maps")).toBe(run("--disable-proto=delete"));
});
