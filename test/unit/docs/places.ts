import {existsSync} from "node:fs";
import {basename, join} from "node:path";
import {fileURLToPath} from "node:url";
import {readText} from "./document.js";

/** A place that a document names: `path.ts` and `path.ts#name` in the code, `path: words` in a test. */
export type Place = {readonly text: string; readonly path: string; readonly name: string};

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** The places in the code; without a name after `#` the file's own name is meant. `below` is where the paths begin. */
export const codePlacesIn = (markdown: string, below = ""): Place[] =>
  [...markdown.matchAll(/`([\w/]+\.ts)(?:#(\w+))?`/g)].map(([text, path = "", name]) => ({
    text,
    path: `${below}${path}`,
    name: name ?? basename(path, ".ts"),
  }));

/** The places in tests: a file below test/, or below test/security/ without a folder, and words of a test in it. */
export const testPlacesIn = (markdown: string): Place[] =>
  [...markdown.matchAll(/`([\w/]+): ([^`]+)`/g)].map(([text, file = "", name = ""]) => ({
    text,
    path: `test/${file.includes("/") ? file : `security/${file}`}.test.ts`,
    name,
  }));

/** Whether the file exports the name, or contains it if it is an error code. */
export function isInCode({path, name}: Place): boolean {
  if (!existsSync(join(root, path))) return false;
  const declared = `^export (?:async )?(?:const|function\\*?|class|type) ${name}\\b`;
  return new RegExp(/^[A-Z_]+$/.test(name) ? `\\b${name}\\b` : declared, "m").test(readText(path));
}

/** Whether the words are in the title of a test or of a row in the file. */
export function isInTest({path, name}: Place): boolean {
  if (!existsSync(join(root, path))) return false;
  const titles = readText(path).matchAll(/(?:\b(?:it|describe)\(|\)\(\s*|\bid: )"([^"]*)"/g);
  return [...titles].some(([, title]) => title?.includes(name));
}
