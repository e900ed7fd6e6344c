import {readdirSync} from "node:fs";
import {fileURLToPath} from "node:url";
import {describe, expect, it} from "vitest";
import {readText, sectionsOf} from "./document.js";
import {drawHouse, everyRoom, type House, house} from "./house.js";
import {importProblem, roomOf} from "./importProblem.js";
import {importsIn} from "./importsIn.js";

const filesIn = (folder: string): string[] =>
  readdirSync(fileURLToPath(new URL(`../../../${folder}`, import.meta.url)), {recursive: true, encoding: "utf8"})
    .filter((file) => /\.[cm]?[jt]sx?$/.test(file))
    .map((file) => `${folder}/${file}`);

const files = ["src", "schemas", "scripts"].flatMap(filesIn);
const imports = files.flatMap((path) => importsIn(path, readText(path)).map((imported) => ({path, imported})));

describe("what the source imports", () => {
  it("is what the table allows", () => {
    expect(imports.length).toBeGreaterThan(1000);
    expect(imports.flatMap(({path, imported}) => importProblem(house, path, imported) ?? [])).toEqual([]);
  });

  it("has every room on one floor of the table, and no room that is gone", () => {
    expect(house.floors.flat().sort()).toEqual([...new Set(files.map(roomOf))].sort());
  });

  it("uses every door and every library of the table", () => {
    const uses = (folder: string, name: string) =>
      imports.some(({path, imported}) => {
        const isThere = folder === everyRoom || path.startsWith(`src/${folder}/`);
        return isThere && (imported === name || imported?.startsWith(`${name}/`));
      });
    const unused = [
      ...Object.entries(house.doors).flatMap(([room, importers]) => importers.map((it) => [it, `src/${room}`] as const)),
      ...Object.entries(house.libraries).flatMap(([folder, names]) => names.map((name) => [folder, name] as const)),
    ].filter(([folder, name]) => !uses(folder, name));
    expect(unused).toEqual([]);
  });

  it("has a room in the table for every dependency of package.json, and for nothing else", () => {
    const dependencies = Object.keys(JSON.parse(readText("package.json")).dependencies);
    expect([...new Set(Object.values(house.libraries).flat())].sort()).toEqual(dependencies.sort());
  });

  it("is drawn in docs/architecture.md as the table has it", () => {
    const rules = sectionsOf(readText("docs/architecture.md"), 2).get("Import rules") ?? "";
    expect(/^```\n(.*?)^```$/ms.exec(rules)?.[1]).toBe(drawHouse(house));
  });
});

describe("importProblem", () => {
  const small: House = {
    floors: [
      ["cli"],
      ["sandbox"],
      ["relayer", "sidecar"],
      ["store", "messaging"],
      ["participants"],
      ["ipfs"],
      ["schemas", "errors"],
    ],
    doors: {ipfs: ["participants"]},
    libraries: {messaging: ["nats"], "store/mongo": ["mongodb"], [everyRoom]: ["typebox"]},
  };

  it.each([
    {id: "a floor below", path: "src/relayer/a.ts", imported: "src/store/b.js"},
    {id: "the own room", path: "src/relayer/a.ts", imported: "src/relayer/sub/b.js"},
    {id: "the bottom", path: "src/cli/dvt.cts", imported: "src/errors.js"},
    {id: "a message", path: "src/store/a.ts", imported: "schemas/a.js"},
    {id: "a room through its door", path: "src/participants/a.ts", imported: "src/ipfs/b.js"},
    {id: "a library in its room", path: "src/messaging/deep/a.ts", imported: "nats"},
    {id: "a part of a library in its folder", path: "src/store/mongo/a.ts", imported: "mongodb/lib/bson.js"},
    {id: "a library of every room", path: "schemas/a.ts", imported: "typebox/value"},
    {id: "a part of Node.js", path: "src/errors.ts", imported: "node:fs"},
  ])("allows $id", ({path, imported}) => {
    expect(importProblem(small, path, imported)).toBeUndefined();
  });

  it.each([
    {
      id: "a new room",
      path: "src/metrics/a.ts",
      imported: "nats",
      says: /metrics is not a room .* put it on a floor of the table/,
    },
    {id: "a new file at the top", path: "src/words.ts", imported: "src/errors.js", says: /words is not a room/},
    {id: "an import of a new room", path: "src/cli/a.ts", imported: "src/metrics/b.js", says: /metrics is not a room/},
    {id: "the tests", path: "src/cli/a.ts", imported: "test/support/until.js", says: /test is not a room/},
    {id: "what is outside", path: "src/cli/a.ts", imported: "../other/b.js", says: /is not a room/},
    {id: "a role in a role", path: "src/relayer/a.ts", imported: "src/sidecar/b.js", says: /its own floor: pass it in/},
    {
      id: "an import upwards",
      path: "src/participants/a.ts",
      imported: "src/store/b.js",
      says: /a floor above its own: pass it in/,
    },
    {id: "the source in a message", path: "schemas/a.ts", imported: "src/errors.js", says: /its own floor/},
    {
      id: "a room past its door",
      path: "src/cli/a.ts",
      imported: "src/ipfs/b.js",
      says: /only participants may import: pass it in/,
    },
    {
      id: "an unlisted library",
      path: "src/cli/a.ts",
      imported: "left-pad",
      says: /left-pad, which is in no room: use what the house/,
    },
    {id: "a library of a scope", path: "src/cli/a.ts", imported: "@nats/core/x", says: /@nats\/core, which is in no room/},
    {
      id: "a library of another room",
      path: "src/cli/a.ts",
      imported: "nats",
      says: /only messaging may import: use what messaging/,
    },
    {id: "a library of another folder", path: "src/store/a.ts", imported: "mongodb", says: /only store\/mongo may import/},
    {id: "a name that is computed", path: "src/cli/a.ts", imported: undefined, says: /name the module in a plain string/},
  ])("refuses $id, and tells what to do", ({path, imported, says}) => {
    expect(importProblem(small, path, imported)).toMatch(says);
  });
});

describe("importsIn", () => {
  it.each([
    {id: "a value", text: 'import {a} from "../store/b.js";', found: ["src/store/b.js"]},
    {id: "a type", text: 'import type {A} from "./b.js";', found: ["src/cli/b.js"]},
    {id: "a type among values", text: 'import {\n  type A,\n  b,\n} from "nats";', found: ["nats"]},
    {id: "a default and a namespace", text: 'import a, * as b from "nats";', found: ["nats"]},
    {id: "an import for its effect", text: 'import "nats";', found: ["nats"]},
    {id: "values passed on", text: 'export {\n  a,\n} from "nats";', found: ["nats"]},
    {id: "types passed on", text: 'export type {A} from "nats";', found: ["nats"]},
    {id: "all passed on", text: 'export * as a from "nats";\nexport * from "viem";', found: ["nats", "viem"]},
    {id: "an import while it runs", text: '  const {a} = await import("../store/b.js");', found: ["src/store/b.js"]},
    {id: "an import over two lines", text: 'await import(\n  "nats"\n);', found: ["nats"]},
    {id: "a type by its module", text: 'type A = import("nats").A;', found: ["nats"]},
    {id: "a require", text: 'const a = require("nats");\nimport b = require("viem");', found: ["nats", "viem"]},
    {id: "a require that was made", text: 'createRequire(import.meta.url)("nats/native");', found: ["nats/native"]},
    {id: "a require for later", text: "const load = createRequire(import.meta.url);", found: [undefined]},
    {id: "a path that is looked up", text: 'import.meta.resolve("nats");', found: ["nats"]},
    {id: "a worker's module", text: 'new URL("../store/b.js", import.meta.url);', found: ["src/store/b.js"]},
    {id: "a computed name", text: "await import(name);", found: [undefined]},
    {id: "none", text: 'export const from = "nats";\nexport function a(b = "c") {}\nimport.meta.url;', found: []},
  ])("finds $id", ({text, found}) => {
    expect(importsIn("src/cli/a.ts", text)).toEqual(found);
  });
});
