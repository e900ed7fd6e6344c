import {readText, rowsOf} from "./document.js";

/** The metrics that this role serves, as docs/configuration.md has them, in alphabetical order. */
export const metricRows = (role: string): string[] =>
  rowsOf(readText("docs/configuration.md"))
    .flatMap(([name = "", servedBy = ""]) => (name.startsWith("dvt_") && isOf(role, servedBy) ? [name] : []))
    .sort();

const isOf = (role: string, servedBy: string): boolean => servedBy === "roles" || servedBy.split(", ").includes(role);
