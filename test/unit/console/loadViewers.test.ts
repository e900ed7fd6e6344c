import {describe, expect, it} from "vitest";
import {loadViewers} from "../../../src/console/loadViewers.js";
import {useFolder} from "../../support/files.js";

const folder = useFolder();
const hash = (digit: string): string => digit.repeat(64);
const load = (entries: unknown) => loadViewers(folder.write("tokens.json", JSON.stringify(entries)));

describe("the tokens of viewers", () => {
  it("have a name each", async () => {
    expect(await load([{sha256: hash("A"), name: "maria"}])).toEqual([{sha256: new Uint8Array(32).fill(0xaa), caller: "maria"}]);
  });

  it.each([
    {id: "none", entries: []},
    {id: "a token without a name", entries: [{sha256: hash("a")}]},
    {id: "a token that is not hashed", entries: [{sha256: "secret", name: "maria"}]},
    {
      id: "a token twice",
      entries: [
        {sha256: hash("a"), name: "maria"},
        {sha256: hash("A"), name: "joao"},
      ],
    },
    {
      id: "a name twice",
      entries: [
        {sha256: hash("a"), name: "maria"},
        {sha256: hash("b"), name: "maria"},
      ],
    },
  ])("are refused: $id", async ({entries}) => {
    await expect(load(entries)).rejects.toMatchObject({code: "TOKENS_INVALID"});
  });
});
