import {describe, expect, it} from "vitest";
import {readAllowedKeys} from "../../../src/policy/allowedKeys.js";
import {useFolder} from "../../support/files.js";

const folder = useFolder();
const one = "aa".repeat(48);
const two = "bb".repeat(48);

describe("readAllowedKeys", () => {
  it.each<{id: string; content: unknown}>([
    {id: "one key a line", content: `0x${one}\n0x${two}\n`},
    {id: "lines with comments, spaces and Windows ends", content: `# ours\r\n\r\n  ${one}  # node 1\r\n0X${two.toUpperCase()}`},
    {id: "a JSON array", content: [`0x${one}`, two.toUpperCase()]},
    {id: "deposit data", content: [one, two].map((pubkey) => ({pubkey, amount: 1, fork_version: "10000910"}))},
  ])("reads $id", async ({content}) => {
    expect(await readAllowedKeys(folder.write("keys", content))).toEqual(new Set([`0x${one}`, `0x${two}`]));
  });

  it.each<{id: string; content: unknown}>([
    {id: "comments only", content: "# none\n"},
    {id: "an empty array", content: []},
    {id: "an object", content: {pubkey: one}},
    {id: "what is not JSON", content: `["0x${one}",]`},
    {id: "a key that is too short", content: `0x${one.slice(2)}`},
    {id: "two keys in a line", content: `${one} ${two}`},
    {id: "a number among keys", content: [one, 7]},
    {id: "null among keys", content: [null]},
    {id: "deposit data without keys", content: [{amount: 1}]},
  ])("rejects $id", async ({content}) => {
    await expect(readAllowedKeys(folder.write("keys", content))).rejects.toMatchObject({code: "ALLOWED_KEYS_INVALID"});
  });

  it.each([
    {id: "an empty file", content: ""},
    {id: "JSON that is cut short", content: `["0x${one}"`},
  ])("treats $id as a file that is still being written", async ({content}) => {
    await expect(readAllowedKeys(folder.write("keys", content))).rejects.toMatchObject({code: "FILE_INCOMPLETE"});
  });

  it("names a file that does not exist", async () => {
    await expect(readAllowedKeys(folder.fresh())).rejects.toMatchObject({code: "FILE_MISSING"});
  });
});
