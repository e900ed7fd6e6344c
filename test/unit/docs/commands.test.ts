import {existsSync} from "node:fs";
import {join} from "node:path";
import {Command} from "commander";
import {describe, expect, it} from "vitest";
import {addCommands} from "../../../src/cli/addCommands.js";
import {commands, groups} from "../../../src/cli/commands.js";
import {projectRoot} from "../../../src/runtime/projectRoot.js";
import {documents, dvtCallsIn, shellBlocksOf} from "../../support/shellBlocks.js";
import {readText} from "./document.js";

const toDo =
  "put a comment before the block: <!-- run by test/e2e/documents.test.ts --> (which then runs it as it is written), " +
  "<!-- run by test/…/another.test.ts --> (which calls the same commands; a name may follow, as in another.test.ts: start), or <!-- not run: why, in a few words -->. " +
  "Both, if only a part is run: <!-- run by …; not run: … -->";

/** Parses the arguments with the definitions of the real commands, runs nothing, and returns what is wrong. */
async function problemOf(args: readonly string[]): Promise<string | undefined> {
  let output = "";
  const write = (text: string): void => {
    output += text;
  };
  const program = new Command("dvt")
    .exitOverride()
    .version("0")
    .configureOutput({writeOut: () => {}, writeErr: write});
  addCommands(program, {
    list: {commands: commands.map((it) => ({...it, run: async () => {}})), groups},
    env: {},
    setExitCode: () => {},
  });
  return program.parseAsync(args, {from: "user"}).then(
    () => undefined,
    (error: {exitCode?: number}) => (error.exitCode === 0 ? undefined : output || String(error)),
  );
}

/** The definition of the command that these words begin with. */
const definitionOf = (words: readonly string[]) =>
  commands.find(({name}) => name === words.slice(0, name.split(" ").length).join(" "));

const blocks = documents.flatMap(shellBlocksOf);

describe.each(blocks)("the commands in line $line of $document", ({text, document, runBy, notRun}) => {
  const calls = dvtCallsIn(text);

  it("are run by a test, or say why not", () => {
    expect(runBy ?? notRun, toDo).toBeDefined();
  });

  it.runIf(runBy)("are those of the test that is named", () => {
    const path = runBy as string;
    expect(existsSync(join(projectRoot, path)), `${path} does not exist: ${toDo}`).toBe(true);
    if (path === "test/e2e/documents.test.ts") return;
    const test = readText(path);
    for (const {args} of calls) {
      for (const word of definitionOf(args)?.name.split(" ") ?? [])
        expect(test, `${path} does not run dvt ${args.join(" ")}`).toContain(word);
    }
  });

  it.runIf(calls.length > 0)("are commands and options that dvt has, with variables that they read", async () => {
    for (const {args, variables} of calls) {
      expect(await problemOf(args), `${document}: dvt ${args.join(" ")}`).toBeUndefined();
      const known = Object.keys(definitionOf(args)?.env?.properties ?? {});
      for (const name of variables)
        expect([...known, ...known.map((it) => `${it}_FILE`)], `dvt ${args.join(" ")}`).toContain(name);
    }
  });
});

describe.each([...documents, "AGENTS.md"])("the text of %s", (document) => {
  it("names commands and options that dvt has", () => {
    for (const [, text = ""] of readText(document).matchAll(/`(?:sudo )?dvt ([a-z][^`]*)`/g)) {
      const words = text.split(/\s+/);
      const definition = definitionOf(words);
      expect(definition ?? (words.length === 1 && groups[text]), `${document}: dvt ${text}`).toBeTruthy();
      const flags = Object.values((definition?.options ?? {}) as Record<string, {flags: string}>).map((it) => it.flags);
      const known = [...flags, "--help"].flatMap((it) => it.match(/--[\w-]+/g) ?? []);
      for (const option of text.match(/(?<=\s)--[\w-]+/g) ?? []) expect(known, `${document}: dvt ${text}`).toContain(option);
    }
  });
});

describe("the calls of dvt in a shell block", () => {
  it.each([
    {text: "sudo dvt init --network hoodi \\\n  --operator acme\n", args: ["init", "--network", "hoodi", "--operator", "acme"]},
    {text: "(set -a; . /etc/dvt/a.env; dvt keys check)", args: ["keys", "check"]},
    {text: '  echo "$who $(dvt keys new --output a/$who.nkey)"', args: ["keys", "new", "--output", "a/$who.nkey"]},
    {text: "dvt keys new --output a   # likewise", args: ["keys", "new", "--output", "a"]},
    {text: "npm run demo -- --keystores 'node{node_index}/v'", args: ["demo", "--keystores", "node{node_index}/v"]},
    {text: "A=b C=d dvt nats config", args: ["nats", "config"], variables: ["A", "C"]},
    {
      text: "docker compose -f a run --rm -e B=c relayer dead-letters retry --seq 17",
      args: ["dead-letters", "retry", "--seq", "17"],
    },
  ])("are found in $text", ({text, args, variables = []}) => {
    expect(dvtCallsIn(text)).toEqual([{args, variables}]);
  });

  it.each([
    "dvt() { npm run -s dvt; }",
    "cd /etc/dvt && docker compose up -d",
    "nats context save dvt --server nats://127.0.0.1",
  ])("are not found in %s", (text) => {
    expect(dvtCallsIn(text)).toEqual([]);
  });
});
