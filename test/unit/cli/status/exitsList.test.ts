import {expect, it} from "vitest";
import {readPages} from "../../../../src/cli/status/exitsList.js";
import type {StatusReader} from "../../../../src/status/statusReader.js";
import {anExitLine, at} from "../../../support/examples/status.js";

/** A relayer that knows so many exits. */
const readerOf = (known: number): Pick<StatusReader, "exits"> => ({
  async exits({cursor = "0", limit = 0}) {
    const from = Number(cursor);
    const exits = Array.from({length: Math.min(limit, known - from)}, (_, it) => anExitLine({validator_index: from + it}));
    return {at, exits, ...(from + exits.length < known && {cursor: String(from + exits.length)})};
  },
});

it.each([
  {id: "all of one page", known: 3, limit: 100, expected: 3, hasMore: false},
  {id: "all of several pages", known: 450, limit: 1000, expected: 450, hasMore: false},
  {id: "as many as the limit, if it ends within a page", known: 450, limit: 250, expected: 250, hasMore: true},
  {id: "as many as the limit, if it ends with a page", known: 450, limit: 200, expected: 200, hasMore: true},
  {id: "all, if the limit is just as many", known: 400, limit: 400, expected: 400, hasMore: false},
  {id: "none", known: 0, limit: 100, expected: 0, hasMore: false},
])("reads $id", async ({known, limit, expected, hasMore}) => {
  const page = await readPages(readerOf(known), limit, {state: "open"});
  expect(page.exits.map(({validator_index}) => validator_index)).toEqual(Array.from({length: expected}, (_, it) => it));
  expect(page.cursor !== undefined).toBe(hasMore);
});
