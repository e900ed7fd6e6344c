import {existsSync, readdirSync} from "node:fs";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";
import {describe, expect, it} from "vitest";
import {readText} from "./document.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const inDocs = readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md"));
const documents = ["README.md", "AGENTS.md", "CHANGELOG.md", "docker/README.md", ...inDocs.map((name) => `docs/${name}`)];

/** As GitHub makes them. */
const anchorsOf = (markdown: string): string[] =>
  [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );

describe.each(documents)("%s", (document) => {
  const text = readText(document);

  it("links to files and headings that exist", () => {
    for (const [, target = ""] of text.matchAll(/\]\(([^)]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const [path = "", anchor] = target.split("#");
      const file = path === "" ? document : join(dirname(document), path);
      expect(existsSync(join(root, file)), target).toBe(true);
      if (anchor !== undefined) expect(anchorsOf(readText(file)), target).toContain(anchor);
    }
  });

  it("names files that exist", () => {
    for (const [, path = ""] of text.matchAll(/`((?:src|schemas|test|scripts|docker|docs)\/[\w./-]*)(?:#\w+)?`/g)) {
      expect(existsSync(join(root, path)), path).toBe(true);
    }
  });
});
