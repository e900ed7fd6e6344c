import {mkdirSync, readdirSync, readFileSync, statSync} from "node:fs";
import {dirname} from "node:path";
import {Type} from "typebox";
import {describe, expect, it} from "vitest";
import {assertWritable, readJson, readText, unreadable, unwritable, writeFileAtomic} from "../../../src/runtime/files.js";
import {useFolder} from "../../support/files.js";

const folder = useFolder();
const emptyFolder = (): string => {
  const path = folder.fresh();
  mkdirSync(path);
  return path;
};

describe("readText", () => {
  it("reads a file as it is", async () => {
    expect(await readText(folder.write("text", " ä€\n"), "the text")).toBe(" ä€\n");
  });

  it.each([
    {id: "is not there", path: () => folder.fresh(), code: "FILE_MISSING"},
    {id: "is a folder", path: emptyFolder, code: "FILE_UNREADABLE"},
  ])("names a file that $id: $code", async ({path, code}) => {
    const wanted = path();
    await expect(readText(wanted, "the text")).rejects.toMatchObject({
      code,
      message: expect.stringContaining(wanted),
      cause: expect.any(Error),
    });
  });
});

describe("readJson", () => {
  const Schema = Type.Object({count: Type.Integer(), name: Type.String()});
  const read = (content: unknown) => readJson(folder.write("data.json", content), "the data", Schema, "ORACLES_CONFIG_INVALID");

  it("reads what fits, other fields included", async () => {
    expect(await read({count: 1, name: "a", more: true})).toEqual({count: 1, name: "a", more: true});
  });

  it("reports every problem together, with the caller's code", async () => {
    await expect(read({count: 1.5})).rejects.toMatchObject({
      code: "ORACLES_CONFIG_INVALID",
      message: expect.stringMatching(/name.*\/count|\/count.*name/s),
    });
  });

  it("quotes nothing of a file that is not JSON", async () => {
    const error = await read("hunter2").catch((it: Error) => it);
    expect(error).toMatchObject({code: "ORACLES_CONFIG_INVALID"});
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain("hunter2");
  });
});

it.each([
  {errno: "ENOSPC", reading: "FILE_MISSING", writing: "DISK_UNAVAILABLE"},
  {errno: "EIO", reading: "FILE_MISSING", writing: "DISK_UNAVAILABLE"},
  {errno: "ESTALE", reading: "FILE_MISSING", writing: "DISK_UNAVAILABLE"},
  {errno: "EMFILE", reading: "FILE_MISSING", writing: "DISK_UNAVAILABLE"},
  {errno: "EACCES", reading: "FILE_UNREADABLE", writing: "FILE_UNWRITABLE"},
  {errno: "EISDIR", reading: "FILE_UNREADABLE", writing: "FILE_UNWRITABLE"},
  {errno: "EROFS", reading: "FILE_UNREADABLE", writing: "FILE_UNWRITABLE"},
])("$errno is $reading of a file that is read, $writing of one that is written", ({errno, reading, writing}) => {
  const cause = Object.assign(new Error(errno), {code: errno});
  expect(unreadable("/a/file", "the file", cause)).toMatchObject({code: reading, cause});
  expect(unwritable("write /a/file", cause)).toMatchObject({code: writing, cause});
});

describe("writeFileAtomic", () => {
  it.each([
    {id: "a new file", before: undefined},
    {id: "an old one, whatever its length", before: "much longer than what is written now"},
  ])("writes $id, and leaves nothing beside it", async ({before}) => {
    const path = `${emptyFolder()}/results.json`;
    if (before !== undefined) await writeFileAtomic(path, before);
    await writeFileAtomic(path, "new");
    expect(readFileSync(path, "utf8")).toBe("new");
    expect(readdirSync(dirname(path))).toEqual(["results.json"]);
  });

  it("gives the file the mode that is asked for", async () => {
    const path = folder.fresh();
    await writeFileAtomic(path, "secret", 0o600);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("leaves one whole file when several write at once", async () => {
    const path = `${emptyFolder()}/results.json`;
    const texts = ["a", "b", "c", "d"].map((letter) => letter.repeat(100_000));
    await Promise.all(texts.map((text) => writeFileAtomic(path, text)));
    expect(texts).toContain(readFileSync(path, "utf8"));
    expect(readdirSync(dirname(path))).toEqual(["results.json"]);
  });

  it("refuses a folder that is not there", async () => {
    await expect(writeFileAtomic(folder.path("nowhere", "results.json"), "new")).rejects.toMatchObject({
      code: "DISK_UNAVAILABLE",
    });
  });

  it("leaves nothing behind where the file cannot be put", async () => {
    const parent = emptyFolder();
    mkdirSync(`${parent}/results.json`);
    await expect(writeFileAtomic(`${parent}/results.json`, "new")).rejects.toMatchObject({code: "FILE_UNWRITABLE"});
    expect(readdirSync(parent)).toEqual(["results.json"]);
  });
});

describe("assertWritable", () => {
  it("finds room, and leaves what is there as it is", async () => {
    const path = `${emptyFolder()}/results.json`;
    await writeFileAtomic(path, "old");
    await assertWritable(path, 100_000);
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(dirname(path))).toEqual(["results.json"]);
  });

  it("refuses a folder that is not there", async () => {
    await expect(assertWritable(folder.path("nowhere", "results.json"), 1)).rejects.toMatchObject({code: "DISK_UNAVAILABLE"});
  });
});
