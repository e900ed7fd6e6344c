import {describe, expect, it} from "vitest";
import {findExit} from "../../../../src/cli/status/findExit.js";
import {parseExitName} from "../../../../src/cli/status/parseExitName.js";
import type {StatusReader} from "../../../../src/status/statusReader.js";
import {anExitLine, anExitStory, at, publicKey} from "../../../support/examples/status.js";

describe("the name of an exit", () => {
  it.each([
    {id: "a key", text: publicKey, expected: {prefix: publicKey, end: "", validatorIndex: undefined}},
    {id: "a key and an index", text: `${publicKey}:7`, expected: {prefix: publicKey, end: "", validatorIndex: 7}},
    {id: "an exit as lists have it", text: `hoodi:${publicKey}:7`, expected: {prefix: publicKey, end: "", validatorIndex: 7}},
    {id: "a key in upper case", text: "0xAB", expected: {prefix: "0xab", end: "", validatorIndex: undefined}},
    {id: "a shortened key", text: "0x92183f2a..9f8e0c:7", expected: {prefix: "0x92183f2a", end: "9f8e0c", validatorIndex: 7}},
    {
      id: "a key that a page shortened",
      text: "0x9218…8e0c",
      expected: {prefix: "0x9218", end: "8e0c", validatorIndex: undefined},
    },
  ])("may be $id", ({text, expected}) => {
    expect(parseExitName(text)).toEqual(expected);
  });

  it.each(["", "alpha", "0x", "0xzz", `${publicKey}00`, `${publicKey}:x`, `other:${publicKey}`])("is not %j", (text) => {
    expect(() => parseExitName(text)).toThrow(expect.objectContaining({code: "USAGE"}));
  });
});

describe("the exit of a name", () => {
  const another = publicKey.replace(/0c$/, "0d");
  /** Has two exits of the first key and one of the other. */
  const reader: Pick<StatusReader, "exit" | "exits"> = {
    exits: async ({state, public_key = ""}) => ({
      at,
      exits: [
        anExitLine({state: "open"}),
        anExitLine({state: "superseded", validator_index: 7}),
        anExitLine({state: "complete", public_key: another}),
      ].filter((it) => it.state === state && it.public_key.startsWith(public_key)),
    }),
    exit: async ({public_key, validator_index = 1000}) => (public_key === publicKey ? anExitStory({validator_index}) : undefined),
  };

  it.each([
    {text: publicKey, expected: 1000},
    {text: `${publicKey}:7`, expected: 7},
    {text: "0x92183f2a..9f8e0c", expected: 1000},
    {text: "0x92183f2a..9f8e0c:7", expected: 7},
    {text: "0x93", expected: undefined},
    {text: another, expected: undefined},
  ])("is found by $text", async ({text, expected}) => {
    expect((await findExit(reader, parseExitName(text)))?.validator_index).toBe(expected);
  });

  it("is not guessed where several keys begin so", async () => {
    await expect(findExit(reader, parseExitName("0x92"))).rejects.toMatchObject({code: "USAGE"});
  });
});
