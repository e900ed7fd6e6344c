import {readdirSync, readFileSync} from "node:fs";
import {fileURLToPath} from "node:url";
import {Command, CommanderError, Option} from "commander";
import {describe, expect, it} from "vitest";
import {addCommands} from "../../../src/cli/addCommands.js";
import {commands, groups} from "../../../src/cli/commands.js";
import {exitCodeOf} from "../../../src/errors.js";

/** What `dvt` with these arguments ends with, and what it has printed by then. */
async function parse(...args: string[]): Promise<{error: unknown; output: string}> {
  let output = "";
  const write = (text: string): void => {
    output += text;
  };
  const program = new Command("dvt").exitOverride().configureOutput({writeOut: write, writeErr: write});
  addCommands(program, {list: {commands, groups}, env: {}, setExitCode: () => {}});
  const error = await program.parseAsync(args, {from: "user"}).catch((thrown: unknown) => thrown);
  return {error, output};
}

describe("the command line", () => {
  it.each([
    {id: "an unknown command", args: ["relay"]},
    {id: "an unknown option", args: ["relayer", "--fast"]},
    {id: "a required option missing", args: ["operator", "request", "--start-index", "1"]},
    {id: "a start index that is no number", args: ["operator", "request", "--deposit-data", "x", "--start-index", "1.5"]},
    {id: "no cluster definition to show", args: ["clusters", "show"]},
    {id: "a shell without completion", args: ["completion", "tcsh"]},
  ])("refuses $id", async ({args}) => {
    const {error, output} = await parse(...args);
    expect(error).toBeInstanceOf(CommanderError);
    expect((error as CommanderError).exitCode).not.toBe(0);
    expect(output).toMatch(/^error: /);
  });

  it.each([
    {id: "a demo whose threshold is above its nodes", args: ["demo", "--nodes", "3", "--threshold", "4"]},
    {id: "a demo of a port that there is not", args: ["demo", "--http-port", "65536"]},
    {id: "a demo on a part of somebody's files", args: ["demo", "--cluster-lock", "x"]},
  ])("leads to the exit status of wrong usage for $id", async ({args}) => {
    expect(exitCodeOf((await parse(...args)).error)).toBe(64);
  });
});

it("describes each group of commands, and no other", () => {
  const words = commands.flatMap(({name}) => name.split(" ").slice(0, -1));
  expect(Object.keys(groups).sort()).toEqual([...new Set(words)].sort());
});

describe.each(commands)("the command $name", ({name, options, env, examples = []}) => {
  it("names each option as commander does, so that it reaches `run`", () => {
    const names = Object.values(options).map(({flags, describe}) => new Option(flags, describe).attributeName());
    expect(names).toEqual(Object.keys(options));
  });

  it("names every variable that it reads in its help, a secret as its file too", async () => {
    const {error, output} = await parse(...name.split(" "), "--help");
    expect(error).toMatchObject({exitCode: 0});
    for (const [variable, {secret}] of Object.entries<{secret?: boolean}>(env?.properties ?? {})) {
      expect(output).toContain(secret ? `${variable}_FILE` : variable);
    }
  });

  it("takes its own examples", async () => {
    for (const example of examples) {
      const program = new Command("dvt").exitOverride().configureOutput({writeErr: () => {}});
      let called = 0;
      const counting = commands.map((it) => ({...it, run: async () => void called++}));
      addCommands(program, {list: {commands: counting, groups}, env: {}, setExitCode: () => {}});
      const words = example.split(" ").map((word) => word.replaceAll("'", ""));
      await program.parseAsync([...name.split(" "), ...words], {from: "user"});
      expect(called, example).toBe(1);
    }
  });
});

it("lists every command that one of its files defines", async () => {
  const folder = fileURLToPath(new URL("../../../src/cli/commands", import.meta.url));
  const names = readdirSync(folder).map((file) => file.replace(/\.ts$/, ""));
  const modules: Record<string, object>[] = await Promise.all(
    names.map((name) => import(`../../../src/cli/commands/${name}.ts`)),
  );
  const defined = modules.flatMap((module) => Object.values(module)).filter((value) => "run" in value);
  expect(new Set(commands)).toEqual(new Set(defined));
});

it("loads the list of commands without the libraries that only some of them need", () => {
  const start = fileURLToPath(new URL("../../../src/cli/commands.ts", import.meta.url));
  const files = new Set<string>();
  const libraries = new Set<string>();
  const follow = (path: string): void => {
    if (files.has(path)) return;
    files.add(path);
    for (const [, isType, imported = ""] of readFileSync(path, "utf8").matchAll(
      /^(?:import|export) (type )?[^;]*?from "([^"]+)";/gm,
    )) {
      if (isType) continue;
      if (imported.startsWith(".")) follow(fileURLToPath(new URL(imported.replace(/\.js$/, ".ts"), `file://${path}`)));
      else libraries.add(imported);
    }
  };
  follow(start);
  expect(files.size).toBeGreaterThan(commands.length);
  // The hash of an address's checksum is small, and loads in a millisecond.
  const needed = ["@noble/hashes/sha3", "commander", "typebox", "typebox/schema"];
  expect([...libraries].filter((name) => !name.startsWith("node:")).sort()).toEqual(needed);
});
