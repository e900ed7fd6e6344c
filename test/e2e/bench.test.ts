import {execFile} from "node:child_process";
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {promisify} from "node:util";
import {expect, it} from "vitest";
import {projectRoot} from "../../src/runtime/projectRoot.js";
import {temporaryFolder} from "../support/servers.js";

it("npm run bench times every part, and writes what it prints", async () => {
  const json = join(await temporaryFolder(), "run.json");
  const options = ["--rounds", "1", "--milliseconds", "1", "--json", json];
  const {stdout} = await promisify(execFile)("npm", ["run", "-s", "bench", "--", ...options], {cwd: projectRoot});
  const {figures}: {figures: {name: string; values: number[]}[]} = JSON.parse(await readFile(json, "utf8"));
  expect(figures.length).toBeGreaterThan(20);
  for (const {name, values} of figures) {
    expect(stdout).toContain(name);
    expect(values).toHaveLength(1);
    expect(values[0], name).toBeGreaterThan(0);
  }
});
