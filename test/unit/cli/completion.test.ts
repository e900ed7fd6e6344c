import {execFileSync} from "node:child_process";
import {describe, expect, it} from "vitest";
import {commands, groups} from "../../../src/cli/commands.js";
import {completionScript, type Shell} from "../../../src/cli/completion/completionScript.js";
import {useFolder} from "../../support/files.js";

const folder = useFolder();
const optionsOf = (name: string): string[] =>
  Object.values(commands.find((it) => it.name === name)?.options ?? {}).map(({flags}) => flags.split(" ")[0] as string);
const firstWords = [...new Set(commands.map(({name}) => name.split(" ")[0] as string))];

/** How each shell is asked what may come behind these words; the last one is begun. */
const asking: Readonly<Record<Shell, (file: string, words: readonly string[]) => string[]>> = {
  bash: (file, words) => [
    "--norc",
    "-c",
    `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _dvt; printf "%s\\n" "\${COMPREPLY[@]}"`,
    file,
    ...words,
  ],
  // The completion system works only in a terminal: this stands in for what it would be told.
  zsh: (file, words) => [
    "-f",
    "-c",
    `compdef() {}
    _files() { print FILES }
    _describe() {
      local none=1
      for it in "\${(@P)2}"; do [[ $it == \${words[CURRENT]}* ]] && none=0 && print -r -- "$it"; done
      return none
    }
    source "$0"; words=("$@"); CURRENT=$#; _dvt`,
    file,
    ...words,
  ],
  fish: (file, words) => ["--no-config", "-c", 'source $argv[1]; complete -C "$argv[2]"', file, words.join(" ")],
};

function isInstalled(shell: Shell): boolean {
  try {
    execFileSync(shell, ["-c", "exit"], {stdio: "ignore"});
    return true;
  } catch {
    return false;
  }
}

describe.each<Shell>(["bash", "zsh", "fish"])("dvt completion %s", (shell) => {
  const complete = (...words: string[]): string[] => {
    const file = folder.write(`dvt.${shell}`, completionScript(shell, {commands, groups}));
    const args = asking[shell](file, ["dvt", ...words]);
    const output = execFileSync(shell, args, {encoding: "utf8", cwd: folder.path(".")});
    return output
      .split("\n")
      .flatMap((line) => line.split(/[\t:]/)[0] || [])
      .sort();
  };
  const named = (found: readonly string[]): string[] => found.filter((it) => !it.startsWith("-"));

  describe.skipIf(!isInstalled(shell))(isInstalled(shell) ? "in the shell" : `${shell} is not installed: skipped`, () => {
    it("knows every command and every group", () => {
      expect(named(complete(""))).toEqual(firstWords.sort());
      for (const group of Object.keys(groups)) {
        const own = commands.flatMap(({name}) => (name.startsWith(`${group} `) ? [name.slice(group.length + 1)] : []));
        expect(named(complete(group, "")), group).toEqual(own.sort());
      }
    });

    it("completes what is begun", () => {
      expect(complete("aggr")).toEqual(["aggregator"]);
      expect(complete("dead-letters", "re")).toEqual(["retry"]);
      expect(complete("completion", "z")).toEqual(["zsh"]);
    });

    it.each(commands)("knows the options of $name", ({name}) => {
      expect(complete(...name.split(" "), "--")).toEqual([...optionsOf(name), "--help"].sort());
    });

    it("completes a file behind an option with a value, and options again behind that", () => {
      folder.write("deposit_data.json", "{}");
      const request = ["operator", "request", "--deposit-data"];
      const files = {bash: [], zsh: ["FILES"], fish: ["deposit_data.json"]}[shell];
      expect(complete(...request, "deposit")).toEqual(files);
      expect(complete(...request, "deposit_data.json", "--out")).toEqual(["--output"]);
    });
  });
});
