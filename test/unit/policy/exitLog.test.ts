import {appendFileSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from "node:fs";
import {dirname} from "node:path";
import {describe, expect, it} from "vitest";
import {exitOf, openLog} from "../../support/exitLog.js";
import {useFolder} from "../../support/files.js";
import {aLogger} from "../../support/logger.js";

const folder = useFolder();
const key = `0x${"aa".repeat(48)}`;
const day = 86_400_000;
const now = 1_800_000_000_000;
const anEntry = (index: number, signedAt = now) => ({exit: exitOf(key, index), signedAt});
const linesOf = (path: string): string[] => readFileSync(path, "utf8").split("\n").filter(Boolean);

/** A log with exits at these indexes. */
async function aLog(...indexes: number[]): Promise<string> {
  const path = folder.fresh();
  const log = await openLog(path, now);
  for (const index of indexes) await log.append(anEntry(index));
  await log.close();
  return path;
}

describe("openExitLog", () => {
  it("starts empty if there is no file, with one that only its owner can read", async () => {
    const path = folder.fresh();
    expect((await openLog(path, now)).entries).toEqual([]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("knows signed exits after a restart", async () => {
    expect((await openLog(await aLog(1, 2), now)).entries).toEqual([anEntry(1), anEntry(2)]);
  });

  it.each([
    {id: "in its middle", torn: '{"public_key":"0x'},
    {id: "before its newline", torn: JSON.stringify({public_key: key, validator_index: 3, signed_at: now})},
    {id: "within a character", torn: Buffer.from("é").subarray(0, 1).toString("latin1")},
    {id: "to zeros", torn: "\0".repeat(100)},
  ])("drops a last line that was cut $id, with a warning, and appends after the others", async ({torn}) => {
    const path = await aLog(1);
    appendFileSync(path, torn, "latin1");
    const {logger, logged} = aLogger();
    const log = await openLog(path, now, {logger});
    expect(log.entries).toEqual([anEntry(1)]);
    expect(logged).toMatchObject([{level: 40}]);
    await log.append(anEntry(2));
    expect((await openLog(path, now)).entries).toEqual([anEntry(1), anEntry(2)]);
  });

  it("drops what is too old to count, from the file too, but for a key's last 16 exits", async () => {
    const indexes = Array.from({length: 18}, (_, index) => index);
    const path = await aLog(...indexes, 5);
    const log = await openLog(path, now + day - 1);
    await log.append(anEntry(18, now + day - 1));
    await log.close();
    const later = await openLog(path, now + day);
    expect(later.entries).toEqual([anEntry(18, now + day - 1)]);
    expect(linesOf(path)).toHaveLength(1 + 16);
    expect([2, 3, 18].map((index) => later.hasSigned(exitOf(key, index)))).toEqual([false, true, true]);
  });

  it("knows what was signed, whether before it was opened or since, and of each key apart", async () => {
    const log = await openLog(await aLog(1), now);
    await log.append(anEntry(2));
    const other = `0x${"bb".repeat(48)}`;
    expect([1, 2, 3].map((index) => log.hasSigned(exitOf(key, index)))).toEqual([true, true, false]);
    expect(log.hasSigned(exitOf(other, 1))).toBe(false);
  });

  it("tells rotations from other exits after a restart", async () => {
    const path = folder.fresh();
    const log = await openLog(path, now);
    await log.append({...anEntry(1), rotation: true});
    await log.append(anEntry(2));
    await log.close();
    expect((await openLog(path, now)).entries).toEqual([{...anEntry(1), rotation: true}, anEntry(2)]);
  });

  it("counts what a clock that was ahead wrote as of now", async () => {
    expect((await openLog(await aLog(1), now - day)).entries).toEqual([anEntry(1, now - day)]);
  });

  it.each([
    {id: "of another share", change: {shareIndex: 2}},
    {id: "of another cluster", change: {clusterId: "beta"}},
    {id: "of a sidecar, for a gateway", change: {isGateway: true}},
  ])("rejects a file $id, and does not change it", async ({change}) => {
    const path = await aLog(1);
    await expect(openLog(path, now, change)).rejects.toMatchObject({code: "STATE_INVALID"});
    expect((await openLog(path, now)).entries).toHaveLength(1);
  });

  it.each([
    {id: "another program's file", text: "precious\n"},
    {id: "a line that is not JSON", line: "?"},
    {id: "a line without a time", line: JSON.stringify({public_key: key, validator_index: 1})},
    {id: "an index of 1e400", line: `{"public_key":"${key}","validator_index":1e400,"signed_at":1}`},
  ])("rejects $id, and does not change it", async ({text, line}) => {
    const path = text ? folder.fresh() : await aLog(1);
    if (text) writeFileSync(path, text);
    else appendFileSync(path, `${line}\n${linesOf(path)[1]}\n`);
    const before = readFileSync(path, "utf8");
    await expect(openLog(path, now)).rejects.toMatchObject({code: "STATE_INVALID"});
    expect(readFileSync(path, "utf8")).toBe(before);
  });

  it.each([
    {id: "in a folder that does not exist", path: () => `${folder.fresh()}/state.jsonl`, code: "DISK_UNAVAILABLE"},
    {id: "that is a folder", path: () => dirname(folder.fresh()), code: "FILE_UNWRITABLE"},
  ])("fails with $code for a file $id", async ({path, code}) => {
    await expect(openLog(path(), now)).rejects.toMatchObject({code});
  });
});

describe("the withdrawal credentials in an exit log", () => {
  const credentials = (byte: string): string => `0x01${"00".repeat(11)}${byte.repeat(20)}`;
  const keyOf = (number: number): string => `0x${number.toString(16).padStart(96, "0")}`;

  it("are known after a restart, beside the exits", async () => {
    const path = await aLog(1);
    const log = await openLog(path, now);
    await Promise.all([log.append({publicKey: key, credentials: credentials("11")}), log.append(anEntry(2))]);
    await log.close();
    const {entries, credentials: known} = await openLog(path, now);
    expect(entries).toEqual([anEntry(1), anEntry(2)]);
    expect([...known]).toEqual([[key, credentials("11")]]);
  });

  it("are kept forever, however often the file is rewritten", async () => {
    const path = folder.fresh();
    const log = await openLog(path, now, {compactAfter: 5});
    for (let index = 0; index < 30; index++) {
      await log.append(anEntry(index, now + index * day));
      await log.append({publicKey: keyOf(index), credentials: credentials("11")});
    }
    expect(linesOf(path).filter((line) => line.includes("signed_at")).length).toBeLessThan(16 + 5);
    const later = await openLog(path, now + 1000 * day);
    expect(later.entries).toEqual([]);
    expect([...later.credentials.keys()]).toEqual(Array.from({length: 30}, (_, index) => keyOf(index)));
    expect(linesOf(path)).toHaveLength(1 + 30 + 16);
  });

  it("are those of a key's first line, even if somebody adds another below", async () => {
    const path = await aLog(1);
    for (const byte of ["11", "22"]) {
      appendFileSync(path, `${JSON.stringify({public_key: key, withdrawal_credentials: credentials(byte)})}\n`);
    }
    expect([...(await openLog(path, now)).credentials]).toEqual([[key, credentials("11")]]);
  });

  it("are none in a file of an earlier version", async () => {
    expect((await openLog(await aLog(1, 2), now)).credentials.size).toBe(0);
  });

  it.each([
    {id: "of 31 bytes", withdrawal_credentials: `0x${"01".repeat(31)}`},
    {id: "that are a number", withdrawal_credentials: 1},
  ])("are rejected $id", async ({withdrawal_credentials}) => {
    const path = await aLog(1);
    appendFileSync(path, `${JSON.stringify({public_key: key, withdrawal_credentials})}\n`);
    await expect(openLog(path, now)).rejects.toMatchObject({code: "STATE_INVALID"});
  });
});

describe("an exit log", () => {
  it("has an exit on disk once its append resolves, also of several at once", async () => {
    const path = folder.fresh();
    const log = await openLog(path, now);
    const indexes = Array.from({length: 200}, (_, index) => index);
    await Promise.all(
      indexes.map(async (index) => {
        await log.append(anEntry(index));
        expect(readFileSync(path, "utf8")).toContain(`"validator_index":${index},`);
      }),
    );
    expect((await openLog(path, now)).entries).toEqual(indexes.map((index) => anEntry(index)));
  });

  it("does not grow forever, and loses nothing that counts when it is rewritten", async () => {
    const path = folder.fresh();
    const log = await openLog(path, now, {compactAfter: 10});
    for (let index = 0; index < 35; index++) await log.append(anEntry(index, now + (index * day) / 10));
    expect(linesOf(path).length).toBeLessThanOrEqual(1 + 16 + 10);
    const {entries} = await openLog(path, now + 3.4 * day);
    expect(entries.map(({exit}) => exit.validatorIndex)).toEqual([25, 26, 27, 28, 29, 30, 31, 32, 33, 34]);
    expect(readdirSync(dirname(path)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  it("fails to append once another process has taken over the file", async () => {
    const path = folder.fresh();
    const log = await openLog(path, now);
    await log.append(anEntry(1));
    const other = await openLog(path, now);
    await expect(log.append(anEntry(2))).rejects.toMatchObject({code: "TAKEN_OVER"});
    await other.append(anEntry(3));
    expect((await openLog(path, now)).entries).toEqual([anEntry(1), anEntry(3)]);
  });

  it("fails to append once the file is deleted", async () => {
    const path = folder.fresh();
    const log = await openLog(path, now);
    rmSync(path);
    await expect(log.append(anEntry(1))).rejects.toMatchObject({code: "STATE_UNWRITABLE"});
  });
});
