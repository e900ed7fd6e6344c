import {expect, it} from "vitest";
import {followMissing} from "../../../../src/cli/operator/followMissing.js";
import {readMissing} from "../../../../src/cli/operator/readMissing.js";
import {networks} from "../../../../src/consensus/networks.js";
import {DvtError} from "../../../../src/errors.js";
import type {StatusReader} from "../../../../src/status/statusReader.js";
import {anExitLine, at, publicKey} from "../../../support/examples/status.js";
import {aLogger} from "../../../support/logger.js";

const exits = Array.from({length: 150}, (_, validatorIndex) => ({network: networks.hoodi, publicKey, validatorIndex}));
const forever = new AbortController().signal;

/** Answers so many questions, then as a relayer that is away. */
function readerOf(answers = Number.POSITIVE_INFINITY): Pick<StatusReader, "namedExits"> & {asked: number[]} {
  const asked: number[] = [];
  return {
    asked,
    async namedExits({exits: named}) {
      asked.push(named.length);
      if (asked.length > answers) throw new DvtError("BUS_UNAVAILABLE", "no relayer answers");
      return {at, exits: named.map((it) => anExitLine(it))};
    },
  };
}

it("asks about as many exits at once as a question holds", async () => {
  const reader = readerOf();
  const read = await readMissing(reader, exits, forever);
  expect(reader.asked).toEqual([64, 64, 22]);
  expect(read?.asked).toEqual(exits);
  expect(read?.page.exits.map(({validator_index}) => validator_index)).toEqual(exits.map(({validatorIndex}) => validatorIndex));
});

it("has what was answered before the relayer went away", async () => {
  expect((await readMissing(readerOf(1), exits, forever))?.asked).toEqual(exits.slice(0, 64));
});

it("has nothing if no relayer answers, or not in time", async () => {
  expect(await readMissing(readerOf(0), exits, forever)).toBeUndefined();
  const silent: Pick<StatusReader, "namedExits"> = {namedExits: () => new Promise(() => {})};
  expect(await readMissing(silent, exits, AbortSignal.abort())).toBeUndefined();
});

it.each([
  {id: "whose turn most of them are", answers: 1, expected: /^64 exits open since 18:02: .*; and 86 others$/},
  {id: "that no relayer answers", answers: 0, expected: /^no relayer answers$/},
])("tells again and again $id", async ({answers, expected}) => {
  const {logger} = aLogger();
  const reader = readerOf(answers);
  const told = await new Promise<string>((onTurn) => {
    const following = followMissing({
      reader,
      missing: () => exits,
      onTurn: (text) => {
        void following.stop();
        onTurn(text);
      },
      everyMs: 1,
      logger,
    });
  });
  expect(told).toMatch(expected);
});
