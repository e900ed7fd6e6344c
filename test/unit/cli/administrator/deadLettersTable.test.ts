import {expect, it} from "vitest";
import {toJsonLines, toTable} from "../../../../src/cli/administrator/deadLettersTable.js";
import type {StoredLetter} from "../../../../src/messaging/deadLetters.js";

const publicKey = `0x92${"18".repeat(45)}e308`;
const aLetter = (letter: Partial<StoredLetter["letter"]> = {}): StoredLetter => ({
  seq: 17,
  timeMs: Date.UTC(2026, 0, 2, 3, 4, 5),
  subject: "dvt.v2.dead_letters.EXIT_SHARES.aggregator",
  letter: {
    stream: "EXIT_SHARES",
    subject: "dvt.v2.exit_shares.hoodi.alpha.4",
    participant: "aggregator",
    code: "SHARE_SIGNATURE_INVALID",
    reason: "it does not sign",
    deliveries: 1,
    exit: `hoodi:${publicKey}:1000`,
    payload_sha256: `0x${"00".repeat(32)}`,
    ...letter,
  },
});
const unreadable: StoredLetter = {...aLetter(), seq: 9, letter: undefined};
const hostile = "a\u001b[2Jb\nc\u202ed\u009be";

it("has one line for each letter, in columns, with what people look for", () => {
  const lines = toTable([unreadable, aLetter()]).split("\n");
  expect(lines).toHaveLength(4);
  expect(lines[2]).toMatch(
    /^17 +2026-01-02T03:04:05.000Z +EXIT_SHARES +aggregator +SHARE_SIGNATURE_INVALID +hoodi:0x92181818\.\.18e308:1000 +it does not sign$/,
  );
  const [heading = "", ...rows] = lines;
  for (const column of ["time", "stream", "code", "reason"]) {
    const at = heading.indexOf(column);
    for (const row of rows.slice(0, 2)) expect(row.slice(at - 1, at + 1)).toMatch(/^ \S$/);
  }
});

it("shows what is no dead letter, by where it is", () => {
  expect(toTable([unreadable])).toMatch(/^9 .* EXIT_SHARES +aggregator +\? +- +this message is not a dead letter$/m);
});

it("lets nothing through that a terminal would act on", () => {
  expect(toTable([aLetter({reason: hostile, exit: hostile})])).toMatch(/^[\x20-\x7e\n]*$/);
  expect(toTable([aLetter({reason: hostile})]).split("\n")).toHaveLength(3);
  const json = toJsonLines([aLetter({reason: hostile})]);
  expect(json).toMatch(/^[\x20-\x7e]*\n$/);
  expect(JSON.parse(json)).toMatchObject({seq: 17, reason: hostile});
});

it("gives programs the whole letter", () => {
  const [first, second] = toJsonLines([aLetter(), unreadable])
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(first).toEqual({seq: 17, time: "2026-01-02T03:04:05.000Z", on: aLetter().subject, ...aLetter().letter});
  expect(second).toEqual({seq: 9, time: "2026-01-02T03:04:05.000Z", on: aLetter().subject});
});
