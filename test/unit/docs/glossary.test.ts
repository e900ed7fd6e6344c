import {readdirSync} from "node:fs";
import {fileURLToPath} from "node:url";
import {expect, it} from "vitest";
import {readText, sectionsOf} from "./document.js";

const source = ["src", "schemas"]
  .flatMap((folder) =>
    readdirSync(fileURLToPath(new URL(`../../../${folder}`, import.meta.url)), {recursive: true, encoding: "utf8"})
      .filter((path) => path.endsWith(".ts"))
      .map((path) => readText(`${folder}/${path}`)),
  )
  .join("\n");
const glossary = sectionsOf(readText("AGENTS.md"), 2).get("Glossary") ?? "";
const names = [...new Set([...glossary.matchAll(/`(\w+)`|\b([A-Z]+_[A-Z_]+)\b/g)].map(([, quoted, code]) => quoted ?? code))];

it("finds the names that the glossary gives", () => expect(names.length).toBeGreaterThan(5));

it.each(names)("%s in the glossary of AGENTS.md is a name in the code", (name) => {
  expect(source).toMatch(new RegExp(`\\b${name}\\b`));
});
