import {appendFileSync, readFileSync, writeFileSync} from "node:fs";
import {Type} from "typebox";
import {describe, expect, it, onTestFinished} from "vitest";
import {parseLine} from "../../../src/runtime/lineFile.js";
import {openRecordFile, type RecordFormat} from "../../../src/runtime/recordFile.js";
import {useFolder} from "../../support/files.js";
import {aLocking} from "../../support/locking.js";

const folder = useFolder();
const Line = Type.Object({number: Type.Integer()});
const format: RecordFormat<number> = {
  variable: "NUMBERS_FILE",
  purpose: "keep numbers",
  code: "STATE_INVALID",
  header: {owner: "a"},
  headerSchema: Type.Object({owner: Type.String()}),
  toLine: (number) => ({number}),
  fromLine(line, before = 0) {
    const number = parseLine(Line, line)?.number;
    return number !== undefined && number > before ? number : undefined;
  },
};

const open = async (path: string, change: Partial<RecordFormat<number>> = {}) => {
  const opened = await openRecordFile(path, {...format, ...change}, aLocking());
  onTestFinished(opened.file.close);
  return opened;
};
const aFile = (text: string): string => {
  const path = folder.fresh();
  writeFileSync(path, text);
  return path;
};
const header = '{"owner":"a"}\n';

describe("openRecordFile", () => {
  it("begins an empty file with its header, and has each record on disk once it is appended", async () => {
    const path = folder.fresh();
    const {records, file} = await open(path);
    expect(records).toEqual([]);
    await file.append([1, 2]);
    expect(readFileSync(path, "utf8")).toBe(`${header}{"number":1}\n{"number":2}\n`);
    await file.replace([5]);
    expect(readFileSync(path, "utf8")).toBe(`${header}{"number":5}\n`);
  });

  it("reads what was written, but for a last line that was cut short", async () => {
    const path = aFile(`${header}{"number":1}\n{"number":3}\n`);
    appendFileSync(path, '{"numb');
    expect((await open(path)).records).toEqual([1, 3]);
    expect(readFileSync(path, "utf8")).toBe(`${header}{"number":1}\n{"number":3}\n`);
  });

  it("keeps only what the format keeps", async () => {
    const path = aFile(`${header}{"number":1}\n{"number":3}\n`);
    expect((await open(path, {keep: (numbers) => numbers.filter((number) => number > 1)})).records).toEqual([3]);
    expect(readFileSync(path, "utf8")).toBe(`${header}{"number":3}\n`);
  });

  it.each([
    {id: "another's", text: '{"owner":"b"}\n'},
    {id: "of another kind", text: "hello\n"},
    {id: "with a line of another kind", text: `${header}{"number":"1"}\n`},
    {id: "with a line that cannot follow the one before it", text: `${header}{"number":2}\n{"number":1}\n`},
  ])("refuses a file that is $id, and leaves it as it was", async ({text}) => {
    const path = aFile(text);
    await expect(open(path, {remedy: "name another file"})).rejects.toMatchObject({
      code: "STATE_INVALID",
      message: expect.stringContaining("name another file"),
    });
    expect(readFileSync(path, "utf8")).toBe(text);
  });
});
