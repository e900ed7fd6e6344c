import {existsSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {describe, expect, it} from "vitest";
import {readText, sectionsOf} from "./document.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const exists = (path: string): boolean => existsSync(join(root, path));
const lines = [...sectionsOf(readText("docs/security.md"), 3)]
  .filter(([heading]) => heading !== "Known advisories")
  .flatMap(([, text]) => [...text.matchAll(/^\| to (.*?) \| (.*?) \| (.*?) \|$/gm)])
  .map(([, tries = "", , tests = ""]) => ({tries, tests}));

describe("the threat model", () => {
  it("has a line for each attack", () => {
    expect(lines.length).toBeGreaterThan(20);
  });

  it.each(lines)("names tests that exist, against whoever tries to $tries", ({tests}) => {
    const attacks = [...tests.matchAll(/`([a-z]+)`/g)].map(([, name]) => `test/security/${name}.test.ts`);
    const others = [...tests.matchAll(/\b(test\/[\w/.-]+)/g)].map(([, path = ""]) => path);
    expect([...attacks, ...others]).not.toEqual([]);
    for (const path of [...attacks, ...others]) expect(exists(path), path).toBe(true);
  });
});
