import {writeFileSync} from "node:fs";
import {createRequire} from "node:module";
import {describe, expect, it} from "vitest";
import {compile, compiledFolder, loadBundle} from "../../../src/cli/loadBundle.js";
import {useFolder} from "../../support/files.js";

const folder = useFolder();
let count = 0;

/** A bundle of these files, whose `require("tell")(value)` is what `run` returns. */
function aBundle(files: Record<string, string>) {
  const name = `bundle-${++count}`;
  const path = folder.path(name);
  for (const [file, text] of Object.entries(files)) folder.write(`${name}/${file}`, text);
  const run = () => {
    const told: unknown[] = [];
    const ofNode = createRequire(folder.path(name, "main.cjs"));
    const outside = (id: string): unknown => (id === "tell" ? (value: unknown) => told.push(value) : ofNode(id));
    const compiled: string[] = [];
    loadBundle(path, Object.assign(outside, ofNode), (file) => compiled.push(file));
    return {told, compiled};
  };
  return {path, name, run};
}

describe("the bundle", () => {
  it("runs each file once, in the order in which the files require each other, and knows its own path", () => {
    const {run, path} = aBundle({
      "main.cjs": 'const {a} = require("./a.cjs"); require("./b.cjs"); require("tell")([a, __dirname, __filename]);',
      "a.cjs": 'require("tell")("a"); exports.a = 1;',
      "b.cjs": 'require("./a.cjs"); require("tell")("b");',
    });
    expect(run()).toEqual({told: ["a", "b", [1, path, `${path}/main.cjs`]], compiled: ["a.cjs", "b.cjs", "main.cjs"]});
  });

  it("gives what a file has exported so far to one that it requires in a circle", () => {
    const {run} = aBundle({
      "main.cjs": 'exports.early = 1; require("./a.cjs"); exports.late = 2;',
      "a.cjs": 'require("tell")({...require("./main.cjs")});',
    });
    expect(run().told).toEqual([{early: 1}]);
  });

  it("runs a file that failed again when it is required again, as Node.js does", () => {
    const {run} = aBundle({
      "main.cjs": 'for (const _ of [1, 2]) try { require("./bad.cjs"); } catch ({message}) { require("tell")(message); }',
      "bad.cjs": 'exports.half = 1; throw new Error("bad");',
    });
    expect(run().told).toEqual(["bad", "bad"]);
  });

  it.each([
    {id: "takes what V8 compiled", change: (compiled: Buffer) => compiled, rejected: false},
    {id: "ignores what is damaged", change: (compiled: Buffer) => compiled.subarray(0, 40), rejected: true},
  ])("$id, and runs the same", ({change, rejected}) => {
    const files = {"main.cjs": 'require("tell")(1);'};
    const script = compile(aBundle(files).path, "main.cjs");
    expect(script.cachedDataRejected).toBeUndefined();
    // Of another path, because V8 remembers what it has compiled of this one.
    const {run, path, name} = aBundle(files);
    folder.write(`${name}/${compiledFolder}/main.cjs`, "");
    writeFileSync(folder.path(name, compiledFolder, "main.cjs"), change(script.createCachedData()));
    expect(compile(path, "main.cjs").cachedDataRejected).toBe(rejected);
    expect(run().told).toEqual([1]);
  });
});
