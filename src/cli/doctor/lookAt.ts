import {setTimeout as delay} from "node:timers/promises";
import type {Check, Finding} from "./check.js";

/** A check, and what it found. */
export type Line = {readonly what: string} & Finding;

/** Longer than any server is waited for. */
const longestMs = 60_000;

/** Looks at everything at once, and shows each line in its place as soon as it and those before it are known. */
export async function lookAt(checks: readonly Check[], show: (line: Line) => void, withinMs = longestMs): Promise<Line[]> {
  const looking = checks.map((check) => lookWithin(check, withinMs));
  const lines: Line[] = [];
  for (const next of looking) {
    const line = await next;
    lines.push(line);
    show(line);
  }
  return lines;
}

async function lookWithin({what, look}: Check, ms: number): Promise<Line> {
  const stop = new AbortController();
  const tooLate = delay(ms, undefined, {signal: stop.signal}).then(
    (): Finding => ({
      state: "not ok",
      says: `no answer within ${Math.round(ms / 1000)} s`,
      todo: "Look at it again; if it stays so, whatever has to answer is overloaded, or something drops the connection.",
    }),
  );
  try {
    return {what, ...(await Promise.race([look(), tooLate]))};
  } finally {
    tooLate.catch(() => {});
    stop.abort();
  }
}
