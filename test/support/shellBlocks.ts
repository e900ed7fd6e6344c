import {readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {projectRoot} from "../../src/runtime/projectRoot.js";

/** The documents whose commands people copy. */
export const documents: readonly string[] = [
  "README.md",
  "docker/README.md",
  ...readdirSync(join(projectRoot, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

/** Commands that a document shows together, and what the comment before them says about them. */
export type ShellBlock = {
  readonly document: string;
  /** Of the first line of its commands, from 1. */
  readonly line: number;
  readonly text: string;
  /** The path of the test that runs it, or the same commands with other values. */
  readonly runBy?: string;
  /** Why it, or a part of it, is not run. */
  readonly notRun?: string;
};

/** The shell blocks of a document. A block is one by its language, or by a line that begins with the prompt "$ ". */
export function shellBlocksOf(document: string): ShellBlock[] {
  const text = readFileSync(join(projectRoot, document), "utf8");
  const blocks = text.matchAll(/(?:^ *<!-- (?<mark>[^\n]*) -->\n\s*)?^(?<indent> *)```(?<language>\w*)\n(?<body>.*?)^ *```$/gms);
  return [...blocks].flatMap(({index, 0: whole, groups = {}}) => {
    const {mark = "", language = "", body = ""} = groups;
    if (!/^(sh|bash|shell|console)$/.test(language) && !/^\$ /m.test(body)) return [];
    const line = text.slice(0, index + whole.indexOf("```")).split("\n").length + 1;
    const [, runBy] = /^run by (\S+?\.test\.ts)/.exec(mark) ?? [];
    const [, notRun] = /(?:^|; )not run: (.+)$/.exec(mark) ?? [];
    return [{document, line, text: body, ...(runBy === undefined ? {} : {runBy}), ...(notRun === undefined ? {} : {notRun})}];
  });
}

/** A call of `dvt` in a shell block: its arguments, and the variables that are set for it alone. */
export type DvtCall = {readonly args: readonly string[]; readonly variables: readonly string[]};

const callStart = String.raw`(?:^|[;&|(]|\bdo\b|\$ )[ \t]*(?:sudo +)?(?<assigned>(?:[A-Z_]+=\S+ +)*)`;
const program = String.raw`(?:dvt +|npm run (?:-s )?(?:dvt -- +|(?<demo>demo)\b(?: -- +)?)|docker compose .* run .*? (?=dead-letters ))`;
/** Up to what ends the command: an operator of the shell, a comment, the end of the line. */
const operands = String.raw`(?<rest>(?:'[^']*'|"[^"]*"|[^;&|)#'"\n]|(?<=\S)#)*)`;
const call = new RegExp(`${callStart}${program}${operands}`, "gm");

/** Every call of `dvt` in the text of a block, also through npm, compose or `$(…)`. */
export function dvtCallsIn(text: string): DvtCall[] {
  const joined = text.replaceAll(/ *\\\n */g, " ");
  return [...joined.matchAll(call)].map(({groups = {}}) => {
    const {assigned = "", demo, rest = ""} = groups;
    const words = (rest.match(/(?:'[^']*'|"[^"]*"|\S)+/g) ?? []).map((word) => word.replaceAll(/['"]/g, ""));
    return {
      args: demo === undefined ? words : [demo, ...words],
      variables: [...assigned.matchAll(/([A-Z_]+)=/g)].map(([, name = ""]) => name),
    };
  });
}
