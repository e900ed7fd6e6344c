import {expect} from "vitest";
import type {Child} from "../../src/sandbox/childProcess.js";

/** The process dies as soon as it has printed the line, without a chance to do anything about it; what it printed. */
export async function killAfter(child: Child, line: RegExp): Promise<string> {
  await child.line(line);
  child.process.kill("SIGKILL");
  expect(await child.ended, child.output()).toBe("SIGKILL");
  return child.output();
}
