import {describe, expect, it} from "vitest";
import {dispositions} from "../../../src/errors.js";
import {rejections} from "../../../src/exits/rejections.js";
import {refusals} from "../../../src/policy/refusals.js";
import {readText, sectionsOf} from "./document.js";
import {codePlacesIn, isInCode, isInTest, testPlacesIn} from "./places.js";

const text = readText("docs/security.md");
const codes = new Set([...Object.keys(dispositions), ...Object.keys(rejections), ...Object.keys(refusals)]);
const lines = [...sectionsOf(text, 3)]
  .filter(([heading]) => heading !== "Known advisories")
  .flatMap(([, section]) => [...section.matchAll(/^\| ([^|]*\bto [^|]*) \| ([^|]*) \| ([^|]*) \|$/gm)])
  .map(([, tries = "", stops = "", tests = ""]) => ({tries, stops, tests}));

describe("the threat model", () => {
  it("has a line for each attack", () => {
    expect(lines.length).toBeGreaterThan(60);
  });

  it.each(lines)("names code and tests, against whoever tries $tries", ({stops, tests}) => {
    expect(codePlacesIn(stops)).not.toEqual([]);
    expect(testPlacesIn(tests)).not.toEqual([]);
  });

  it.each(lines)("names the file of each code, against whoever tries $tries", ({stops}) => {
    const alone = [...stops.matchAll(/`([A-Z_]+)`/g)].flatMap(([, code = ""]) => (codes.has(code) ? [code] : []));
    expect(alone).toEqual([]);
  });
});

describe("docs/security.md", () => {
  it.each(codePlacesIn(text, "src/"))("names what is there: $text", (place) => {
    expect(isInCode(place), `${place.path} has no ${place.name}`).toBe(true);
  });

  it.each(testPlacesIn(text))("names a test that is there: $text", (place) => {
    expect(isInTest(place), `no test in ${place.path} is called "${place.name}"`).toBe(true);
  });
});
