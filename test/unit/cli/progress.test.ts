import {expect, it, vi} from "vitest";
import {createProgress} from "../../../src/cli/progress.js";
import {terminal} from "../../../src/cli/terminal.js";
import {createLogger} from "../../../src/runtime/logger.js";
import {fakeTerminal} from "../../support/fakeTerminal.js";

const bar = (full: number): string => `${"█".repeat(full)}${"░".repeat(30 - full)}`;

it("draws a bar again and again on a terminal, and below it whose turn it is, cut to the width", () => {
  const written = fakeTerminal("stderr", {columns: 44});
  const progress = createProgress("exits");
  progress.show(0, 3);
  progress.tell("share index 1 waits: CONSENSUS_UNAVAILABLE since 18:11");
  progress.show(1, 3);
  progress.end();
  progress.tell("nothing more");
  const below = "share index 1 waits: CONSENSUS_UNAVAILABLE ".slice(0, 43);
  expect(written()).toBe(
    [
      `\rexits ${bar(0)} 0/3\u001b[K\r`,
      `\rexits ${bar(0)} 0/3\u001b[K\n${below}\u001b[K\u001b[1A\r`,
      `\rexits ${bar(10)} 1/3\u001b[K\n${below}\u001b[K\u001b[1A\r`,
      "\n\u001b[J",
    ].join(""),
  );
});

it("writes lines of the log above the bar, in both formats, and draws it again", () => {
  const written = fakeTerminal("stderr");
  const progress = createProgress("exits");
  const loggers = (["plain", "json"] as const).map((format) =>
    createLogger({role: "operator", level: "info", format, write: terminal.log}),
  );
  progress.show(1, 3);
  progress.tell("share index 1");
  const drawn = `\rexits ${bar(10)} 1/3\u001b[K\nshare index 1\u001b[K\u001b[1A\r`;
  for (const logger of loggers) {
    const before = written().length;
    logger.warn("nats is unavailable");
    const line = written().slice(before);
    expect(line.startsWith("\r\u001b[J"), line).toBe(true);
    expect(line.endsWith(`\n${drawn}`), line).toBe(true);
    expect(line.match(/nats is unavailable/g)).toHaveLength(1);
  }
  progress.end();
  const ended = written().length;
  loggers[1]?.warn("later");
  expect(written().slice(ended)).toMatch(/^\{.*"later"\}\n$/);
});

it("ends the bar when all are done, once", () => {
  const written = fakeTerminal("stderr");
  const progress = createProgress("exits");
  progress.show(3, 3, ", 1 of them rejected");
  progress.end();
  expect(written()).toBe(`\rexits ${bar(30)} 3/3, 1 of them rejected\u001b[K\r\n\u001b[J`);
});

it("prints lines where there is no terminal: each tenth, and whose turn it is when that changed", () => {
  let written = "";
  const write = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    written += text;
    return true;
  });
  const progress = createProgress("exits");
  for (let done = 0; done <= 20; done++) progress.show(done, 20);
  for (const turn of ["share index 1", "share index 1", "share index 2"]) progress.tell(turn);
  progress.end();
  write.mockRestore();
  const tenths = Array.from({length: 11}, (_, tenth) => `exits ${2 * tenth}/20\n`).join("");
  expect(written).toBe(`${tenths}share index 1\nshare index 2\n`);
});
