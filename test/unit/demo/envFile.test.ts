import {execFileSync} from "node:child_process";
import {statSync} from "node:fs";
import {expect, it} from "vitest";
import {writeEnvFile} from "../../../src/demo/envFile.js";
import {useFolder} from "../../support/files.js";

const folder = useFolder();

it("writes variables that a shell reads as they were, for their owner alone", async () => {
  const env = {
    PLAIN: "/tmp/a-b_c.json",
    TEMPLATE: "node{node_index}/keys",
    SPACED: "a b",
    QUOTED: `it's "$HOME" \\ \`x\``,
    EMPTY: "",
  };
  const path = folder.fresh();
  await writeEnvFile(path, env);
  const print = Object.keys(env).map((name) => `printf '%s\\n' "$${name}"`);
  const read = execFileSync("sh", ["-c", `. ${path}; ${print.join("; ")}`], {encoding: "utf8"});
  expect(read.split("\n").slice(0, -1)).toEqual(Object.values(env));
  expect(statSync(path).mode & 0o777).toBe(0o600);
});
