import {printable} from "../../runtime/printable.js";
import type {Finding} from "./check.js";
import type {Line} from "./lookAt.js";

/** Everything that was looked at. */
export type Report = {role: string; network: string; version: string; lines: readonly Line[]};

const width = "not looked at".length;
const oneLine = (text: string): string => printable(text.replace(/\s*\n\s*/g, " "));

/** For people: a line, and below it what to do. */
export const lineText = ({what, state, says, code, todo}: Line): string =>
  [
    `${state.padEnd(width)}  ${oneLine(`${what}: ${says}`)}${code === undefined ? "" : ` [${code}]`}\n`,
    ...(todo === undefined ? [] : [`${" ".repeat(width + 2)}${oneLine(todo)}\n`]),
  ].join("");

/** How many lines of each kind there are. */
export function summaryText(lines: readonly Line[]): string {
  const counts = (["ok", "not ok", "not looked at"] as const).map((state) => [countOf(lines, state), state] as const);
  return `${counts
    .filter(([count, state]) => count > 0 || state === "not ok")
    .map(([count, state]) => `${count} ${state}`)
    .join(", ")}\n`;
}

const countOf = (lines: readonly Line[], wanted: Finding["state"]): number => lines.filter(({state}) => state === wanted).length;

/** For programs. */
export const reportJson = ({role, network, version, lines}: Report): string =>
  `${JSON.stringify(
    {
      role,
      network,
      version,
      checks: lines.map(({state, ...line}) => ({...line, state: state.replaceAll(" ", "_")})),
    },
    undefined,
    2,
  )}\n`;

/** Whether the role has everything that it needs. */
export const isHealthy = (lines: readonly Line[]): boolean => countOf(lines, "ok") === lines.length;
