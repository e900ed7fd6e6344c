import {execFile} from "node:child_process";
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {promisify} from "node:util";
import {expect, it} from "vitest";
import {projectRoot} from "../../src/runtime/projectRoot.js";
import {temporaryFolder} from "../support/servers.js";

it("npm run bench:registration registers as often as it is told, and writes what that took", async () => {
  const json = join(await temporaryFolder(), "run.json");
  const few = ["--validators", "1,2", "--rounds", "1", "--oracles", "3", "--threshold", "2", "--wait-ms", "20"];
  const {stdout} = await promisify(execFile)("npm", ["run", "-s", "bench:registration", "--", ...few, "--json", json], {
    cwd: projectRoot,
  });
  const {figures}: {figures: {name: string; values: number[]}[]} = JSON.parse(await readFile(json, "utf8"));
  for (const validators of [1, 2]) {
    const window = figures.find(({name}) => name === `${validators}: root to transaction`);
    expect(stdout).toContain(window?.name);
    expect(window?.values[0]).toBeGreaterThan(20);
    expect(figures.find(({name}) => name === `${validators}: requests to the node in that time`)?.values[0]).toBeGreaterThan(5);
  }
});

it("npm run bench:registration -- --gateway times its answers, with exits ahead and without", async () => {
  const json = join(await temporaryFolder(), "run.json");
  const few = ["--gateway", "--validators", "1", "--rounds", "1", "--oracles", "3", "--threshold", "2", "--json", json];
  await promisify(execFile)("npm", ["run", "-s", "bench:registration", "--", ...few], {cwd: projectRoot});
  const {figures}: {figures: {name: string; values: number[]}[]} = JSON.parse(await readFile(json, "utf8"));
  expect(figures.map(({name}) => name)).toEqual([expect.stringContaining("signed anew"), expect.stringContaining("exits ahead")]);
  for (const {values} of figures) expect(values[0]).toBeGreaterThan(0);
});

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
