import {mkdirSync, readFileSync, statSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {publicKeyOf} from "../../../src/ecies/keys.js";
import {createAggregatorKey, loadAggregatorKey, loadAggregatorKeys} from "../../../src/keys/aggregatorKey.js";
import {toHex} from "../../../src/runtime/hex.js";
import {useFolder} from "../../support/files.js";

const folder = useFolder();
const hex = "1f".repeat(32);
const publicKey = publicKeyOf(new Uint8Array(32).fill(0x1f));

describe("createAggregatorKey", () => {
  it("makes a file for its owner's eyes only, and returns the public key of what is in it", async () => {
    const path = folder.fresh();
    const made = await createAggregatorKey(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(toHex(publicKeyOf(await loadAggregatorKey(path, [made])))).toBe(toHex(made));
  });

  it("makes another key every time", async () => {
    expect(toHex(await createAggregatorKey(folder.fresh()))).not.toBe(toHex(await createAggregatorKey(folder.fresh())));
  });

  it.each([
    {id: "a key", content: hex},
    {id: "an empty file", content: ""},
  ])("never overwrites $id", async ({content}) => {
    const path = folder.write("taken", content);
    await expect(createAggregatorKey(path)).rejects.toMatchObject({code: "FILE_UNWRITABLE"});
    expect(readFileSync(path, "utf8")).toBe(content);
  });

  it("refuses a folder that is not there", async () => {
    await expect(createAggregatorKey(folder.path("nowhere", "key"))).rejects.toMatchObject({code: "DISK_UNAVAILABLE"});
  });
});

describe("loadAggregatorKey", () => {
  const others = [publicKeyOf(new Uint8Array(32).fill(2)), publicKeyOf(new Uint8Array(32).fill(3))];

  it.each([
    {id: "with 0x", text: `0x${hex}`},
    {id: "without 0x", text: hex},
    {id: "in upper case", text: hex.toUpperCase()},
    {id: "with a newline", text: `0x${hex}\n`},
  ])("reads a key $id", async ({text}) => {
    const key = await loadAggregatorKey(folder.write("key", text, 0o600), [...others, publicKey]);
    expect(Buffer.from(key).toString("hex")).toBe(hex);
  });

  it.each([
    {id: "nothing", text: ""},
    {id: "words", text: "not a key"},
    {id: "31 bytes", text: "1f".repeat(31)},
    {id: "33 bytes", text: "1f".repeat(33)},
    {id: "an odd digit", text: hex.slice(1)},
    {id: "two keys", text: `${hex}\n${hex}`},
    {id: "zero", text: "00".repeat(32)},
    {id: "the curve's order", text: "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"},
  ])("refuses $id", async ({text}) => {
    await expect(loadAggregatorKey(folder.write("key", text, 0o600), [publicKey])).rejects.toMatchObject({
      code: "KEY_FILE_INVALID",
    });
  });

  it("refuses a key that is not listed, and never quotes it", async () => {
    await expect(loadAggregatorKey(folder.write("key", hex, 0o600), others)).rejects.toMatchObject({
      code: "KEY_FILE_INVALID",
      message: expect.not.stringContaining(hex),
    });
  });

  it.each([
    {id: "a file that is not there", path: () => folder.fresh(), code: "FILE_MISSING"},
    {
      id: "a folder",
      code: "FILE_UNREADABLE",
      path: () => {
        const path = folder.fresh();
        mkdirSync(path);
        return path;
      },
    },
  ])("refuses $id with $code", async ({path, code}) => {
    await expect(loadAggregatorKey(path(), [publicKey])).rejects.toMatchObject({code});
  });
});

describe("loadAggregatorKeys", () => {
  const one = (byte: number, mode = 0o600): string =>
    folder.write(`key-${byte}-${mode}`, byte.toString(16).padStart(2, "0").repeat(32), mode);
  const publicKeys = [2, 3].map((byte) => publicKeyOf(new Uint8Array(32).fill(byte)));

  it("reads every file, in their order", async () => {
    const keys = await loadAggregatorKeys([one(3), one(2)], publicKeys);
    expect(keys.map(([first]) => first)).toEqual([3, 2]);
  });

  it.each([
    {id: "that is not listed", file: () => one(4), code: "KEY_FILE_INVALID"},
    {id: "that is not there", file: () => folder.fresh(), code: "FILE_MISSING"},
    {id: "that others can read", file: () => one(3, 0o644), code: "KEY_FILE_EXPOSED"},
  ])("refuses all of them for one $id", async ({file, code}) => {
    await expect(loadAggregatorKeys([one(2), file()], publicKeys)).rejects.toMatchObject({code});
  });
});
