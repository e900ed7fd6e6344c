import {readFileSync} from "node:fs";
import {fileURLToPath} from "node:url";

/** A file of the checkout, by its path from the root. */
export const readText = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), "utf8");

/** The text under each heading of this level, by heading. */
export function sectionsOf(markdown: string, level: number): Map<string, string> {
  const mark = `${"#".repeat(level)} `;
  const sections = new Map<string, string>();
  let heading: string | undefined;
  for (const line of markdown.split("\n")) {
    if (line.startsWith(mark)) {
      heading = line.slice(mark.length);
      if (sections.has(heading)) throw new Error(`the heading ${heading} appears twice`);
      sections.set(heading, "");
    } else if (/^#+ /.test(line) && line.indexOf(" ") < level) heading = undefined;
    else if (heading !== undefined) sections.set(heading, `${sections.get(heading)}${line}\n`);
  }
  return sections;
}

/** The cells of each row whose first cell is in backticks, without these; other rows are heads and rules. */
export const rowsOf = (markdown: string): string[][] =>
  markdown.split("\n").flatMap((line) => {
    const [, first, rest] = /^\| `([^`]+)` \|(.*)\|$/.exec(line) ?? [];
    return first === undefined ? [] : [[first, ...(rest ?? "").split(" | ").map((cell) => cell.trim())]];
  });

export const jsonBlocksOf = (markdown: string): unknown[] =>
  [...markdown.matchAll(/^```json\n(.*?)^```$/gms)].map(([, text]) => JSON.parse(text as string));

export const withoutBackticks = (text: string): string => text.replaceAll("`", "");
