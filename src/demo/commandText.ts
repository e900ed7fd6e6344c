import {projectRoot} from "../runtime/projectRoot.js";
import {quoted} from "./envFile.js";

export const indented = (lines: readonly string[]): string => lines.map((line) => `  ${line}`).join("\n");

/** A command of ours with these settings, to paste into a shell. */
export const dvtWith = (envFile: string, command: string): string =>
  `(set -a; . ${quoted(envFile)}; npm run -s --prefix ${quoted(projectRoot)} dvt -- ${command})`;
