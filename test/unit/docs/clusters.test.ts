import {expect, it} from "vitest";
import {readText} from "./document.js";

const named = [...readText("docs/clusters.md").matchAll(/^<!-- run by (\S+): (\S+) -->$/gm)].map(([, test = "", name = ""]) => ({
  test,
  name,
}));

it("has a name for each block of commands that a test runs, which no other has", () => {
  expect(named.length).toBeGreaterThan(10);
  expect(new Set(named.map(({name}) => name)).size).toBe(named.length);
});

it.each(named)("has its block $name run by $test", ({test, name}) => {
  expect(readText(test)).toContain(`documented.run("${name}"`);
});
