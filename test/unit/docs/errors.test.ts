import {readdirSync} from "node:fs";
import {fileURLToPath} from "node:url";
import {describe, expect, it} from "vitest";
import {DvtError, dispositions, type ErrorCode, exitCodeOf} from "../../../src/errors.js";
import {rejections} from "../../../src/exits/rejections.js";
import {readinessReasons} from "../../../src/health/readiness.js";
import {refusals} from "../../../src/policy/refusals.js";
import {problemStatuses} from "../../../src/web/problem.js";
import {readText, rowsOf, sectionsOf} from "./document.js";

const sections = sectionsOf(readText("docs/errors.md"), 2);
const section = (heading: string): string => sections.get(heading) ?? "";
const errorRows = [...sections]
  .filter(([heading]) => /: (retry|terminate|refuse|usage)$/.test(heading))
  .map(([, text]) => rowsOf(text));

/** What src/ does with the codes; the tables that only list them are left out. */
const tables = ["errors.ts", "exits/rejections.ts", "policy/refusals.ts", "web/problem.ts", "status/todos.ts"];
const sources = readdirSync(fileURLToPath(new URL("../../../src", import.meta.url)), {recursive: true, encoding: "utf8"})
  .filter((path) => path.endsWith(".ts") && !tables.includes(path))
  .map((path) => readText(`src/${path}`))
  .join("\n");

describe("docs/errors.md", () => {
  it("has one row for each error code, with its disposition", () => {
    const rows = errorRows.flat().map(([code, disposition]) => [code, disposition]);
    expect(rows.sort()).toEqual(Object.entries(dispositions).sort());
  });

  it("has each code under the heading of its disposition", () => {
    for (const [heading, text] of sections) {
      const disposition = /: (retry|terminate|refuse|usage)$/.exec(heading)?.[1];
      if (disposition) expect(rowsOf(text).map((row) => row[1])).toEqual(rowsOf(text).map(() => disposition));
    }
  });

  it("has one row for each rejection code", () => {
    const rows = rowsOf(section("Rejections")).map(([code]) => code);
    expect(rows.sort()).toEqual(Object.keys(rejections).sort());
  });

  it("has one row for each refusal code", () => {
    const rows = rowsOf(section("Refusals")).map(([code]) => code);
    expect(rows.sort()).toEqual(Object.keys(refusals).sort());
  });

  it("has one row for each HTTP problem, with its status", () => {
    const rows = rowsOf(section("HTTP problems")).map(([code, status]) => [code, Number(status)]);
    expect(rows.sort()).toEqual(Object.entries(problemStatuses).sort());
  });

  it("has one row for each reason why a role is not ready, with its number", () => {
    const rows = rowsOf(section("Not ready"));
    expect(rows.map(([reason, number]) => [reason, Number(number)])).toEqual(Object.entries(readinessReasons));
    for (const row of rows) expect(row.filter(Boolean), row[0]).toHaveLength(4);
  });

  it("has no code that nothing uses", () => {
    const codes = [
      ...Object.keys(dispositions),
      ...Object.keys(rejections),
      ...Object.keys(refusals),
      ...Object.keys(problemStatuses),
    ];
    for (const code of codes) expect(sources, code).toMatch(new RegExp(`["\`]${code}["\`]|\\b${code}: `));
  });

  it("says what each code means and what to do", () => {
    for (const row of errorRows.flat()) expect(row.filter(Boolean), row[0]).toHaveLength(4);
    for (const heading of ["Rejections", "Refusals"]) {
      for (const row of rowsOf(section(heading))) expect(row.filter(Boolean), row[0]).toHaveLength(3);
    }
  });

  it("lists the exit status of every disposition, and of a bug", () => {
    const listed = [...section("Exit statuses").matchAll(/^\| (\d+) \|/gm)].map(([, status]) => Number(status));
    const codes = Object.keys(dispositions) as ErrorCode[];
    const statuses = [...codes.map((code) => exitCodeOf(new DvtError(code, ""))), exitCodeOf(new Error("a bug")), 0];
    for (const status of statuses) expect(listed).toContain(status);
  });

  it("quotes log lines as the code has them", () => {
    const quoted = [...rowsOf(section("Not signed")).map(([line]) => line ?? ""), "message sent to dead letters"];
    const unread = /`(messages [a-z ]+)`/.exec(section("Dead letters"))?.[1];
    for (const line of [...quoted, unread]) expect(sources).toContain(`"${line}"`);
  });

  it("says what INTERNAL is, which is no code of ours", () => {
    expect(Object.keys(dispositions)).not.toContain("INTERNAL");
    expect(section("A message cannot succeed: terminate")).toMatch(/^`INTERNAL` /m);
  });
});
