import {expect, it} from "vitest";
import type {Line} from "../../../../src/cli/doctor/lookAt.js";
import {isHealthy, lineText, reportJson, summaryText} from "../../../../src/cli/doctor/report.js";

const fine: Line = {what: "participants.json", state: "ok", says: "2 operators"};
const bad: Line = {
  what: "NATS as relayer",
  state: "not ok",
  says: "connect:\n  refused\u001b[31m",
  code: "BUS_UNAVAILABLE",
  todo: "Check nats-server.",
};
const skipped: Line = {what: "streams", state: "not looked at", says: "NATS as relayer is not ok"};

it("has a line for each thing, and below it what to do", () => {
  expect([fine, bad, skipped].map(lineText).join("")).toBe(
    [
      "ok             participants.json: 2 operators",
      "not ok         NATS as relayer: connect: refused?[31m [BUS_UNAVAILABLE]",
      "               Check nats-server.",
      "not looked at  streams: NATS as relayer is not ok",
      "",
    ].join("\n"),
  );
});

it("counts what there is, and always what is not ok", () => {
  expect(summaryText([fine, fine])).toBe("2 ok, 0 not ok\n");
  expect(summaryText([fine, bad, skipped])).toBe("1 ok, 1 not ok, 1 not looked at\n");
});

it("is healthy only if everything is ok", () => {
  expect([isHealthy([fine]), isHealthy([fine, bad]), isHealthy([fine, skipped])]).toEqual([true, false, false]);
});

it("says the same to programs", () => {
  const report = {role: "relayer", network: "hoodi", version: "0.1.0", lines: [bad, skipped]};
  expect(JSON.parse(reportJson(report))).toEqual({
    role: "relayer",
    network: "hoodi",
    version: "0.1.0",
    checks: [
      {...bad, state: "not_ok"},
      {...skipped, state: "not_looked_at"},
    ],
  });
});
