import {pino} from "pino";
import {describe, expect, it} from "vitest";
import {createExitsHook} from "../../../src/runtime/exitsHook.js";

const keys = (count: number): string[] => Array.from({length: count}, (_, position) => `hoodi:0x${"ab".repeat(48)}:${position}`);

function aLogger(format: "plain" | "json") {
  const lines: string[] = [];
  let now = 0;
  const hooks = {logMethod: createExitsHook(format, () => now)};
  return {
    logger: pino({base: null, hooks}, {write: (line: string) => void lines.push(line)}),
    logged: () => lines.map((line) => JSON.parse(line)),
    bytes: () => lines.join("").length,
    pass: (seconds: number): void => {
      now += seconds * 1000;
    },
  };
}

describe("a line that names exits", () => {
  it.each([1, 3, 1000])("has all of %d keys as JSON", (count) => {
    const {logger, logged} = aLogger("json");
    logger.info({order: "0x01", exits: keys(count)}, "exits signed");
    expect(logged()).toMatchObject([{order: "0x01", exits: keys(count), msg: "exits signed"}]);
  });

  it.each([
    {count: 1, text: "hoodi:0x…:0"},
    {count: 3, text: "hoodi:0x…:0, hoodi:0x…:1, hoodi:0x…:2"},
    {count: 64, text: "hoodi:0x…:0, hoodi:0x…:1, hoodi:0x…:2, … (64)"},
  ])("has the first three of $count in plain, and how many there are", ({count, text}) => {
    const {logger, logged} = aLogger("plain");
    logger.info({exits: keys(count), deposits: keys(count)}, "exits signed");
    const [{exits, deposits}] = logged();
    expect(exits.replaceAll("ab".repeat(48), "…")).toBe(text);
    expect(deposits).toBe(exits);
  });
});

it.each(["a line", {fields: 1}, {exits: 5}])("%j is left as it is", (line) => {
  const {logger, logged} = aLogger("plain");
  logger.info(line as object);
  expect(logged()).toMatchObject([typeof line === "string" ? {msg: line} : line]);
});

describe("a flood of lines that name exits", () => {
  it.each(["plain", "json"] as const)(
    "fills no disk, and each message is still logged once a second with the count: %s",
    (format) => {
      const {logger, logged, bytes, pass} = aLogger(format);
      const exits = keys(64);
      const seconds = 60;
      for (let second = 0; second < seconds; second++, pass(1))
        for (let line = 0; line < 1000; line++) logger.info({exits}, line % 2 === 0 ? "exits signed" : "batch taken");
      expect(bytes()).toBeLessThan(16_000_000 + seconds * 20_000);
      const counted = logged()
        .slice(-500)
        .filter(({others}) => others > 400);
      expect(new Set(counted.map(({msg}) => msg))).toEqual(new Set(["exits signed", "batch taken"]));
    },
  );

  it("is over as soon as lines are few again", () => {
    const {logger, logged, pass} = aLogger("json");
    for (let line = 0; line < 200; line++) logger.info({exits: keys(1000)}, "batch taken");
    expect(logged().at(-1).exits).toMatch(/… \(1000\)$/);
    pass(60);
    logger.info({exits: keys(64)}, "batch taken");
    expect(logged().at(-1).exits).toEqual(keys(64));
  });
});
