import {readdirSync} from "node:fs";
import {fileURLToPath} from "node:url";
import {expect, it} from "vitest";
import {readText} from "./document.js";

const filesIn = (folder: string): string[] =>
  readdirSync(fileURLToPath(new URL(`../../../${folder}`, import.meta.url)), {recursive: true, encoding: "utf8"})
    .filter((file) => file.endsWith(".ts"))
    .map((file) => `${folder}/${file}`);

/** A stored document that is spread into an object silently fills a field that is new there, with a value that may be wrong. */
const spread = /(?<!\[)\.\.\.(?:head|request|stored|document)\b/;

it("the relayer and the aggregator write out the fields of stored documents", () => {
  const files = ["src/relayer", "src/aggregator"].flatMap(filesIn);
  expect(files.length).toBeGreaterThan(20);
  expect(files.filter((path) => spread.test(readText(path)))).toEqual([]);
});

it.each(["{...head, dueAt}", "publishExitRequest(relayer, {exit, ...request})"])("%s would be found", (text) => {
  expect(text).toMatch(spread);
});
