import {Registry} from "prom-client";
import {describe, expect, it} from "vitest";
import {Alarm} from "../../../schemas/status.js";
import {createReadiness} from "../../../src/health/readiness.js";
import {addExitDuration} from "../../../src/metrics/addExitDuration.js";
import {addGatewayMetrics} from "../../../src/metrics/addGatewayMetrics.js";
import {addMessageCounts} from "../../../src/metrics/addMessageCounts.js";
import {addReadiness} from "../../../src/metrics/addReadiness.js";
import {addSystemGauges} from "../../../src/metrics/addSystemGauges.js";
import {createMetrics} from "../../../src/metrics/createMetrics.js";
import {thresholds} from "../../../src/status/thresholds.js";
import {aStatus} from "../../support/examples/status.js";
import {alertRules, rulesText} from "./alertRules.js";
import {readText, rowsOf} from "./document.js";
import {labelsGroupedBy, metricsIn} from "./metricsIn.js";

type Metric = {name: string; labelNames: readonly string[]; type: string};
type Panel = {title: string; type: string; targets?: {expr: string}[]; datasource?: {uid: string}};

const {registry} = createMetrics({role: "relayer", version: "0.1.0", commit: undefined});
addReadiness(registry, createReadiness({signal: new AbortController().signal}));
addMessageCounts(registry);
addExitDuration(registry);
addGatewayMetrics(registry);
addSystemGauges(registry, async () => aStatus());

/** What the NATS exporter serves with -jsz=all, as far as the dashboard asks for it. */
const ofStream = ["stream_name", "account", "is_stream_leader"];
const ofConsumer = [...ofStream, "consumer_name", "is_consumer_leader"];
const exported: Record<string, readonly string[]> = {
  jetstream_stream_total_messages: ofStream,
  jetstream_stream_total_bytes: ofStream,
  jetstream_consumer_num_pending: ofConsumer,
  jetstream_consumer_num_ack_pending: ofConsumer,
  jetstream_consumer_num_redelivered: ofConsumer,
};

/** Prometheus adds these to all that it scrapes. */
const added = ["job", "instance"];
const known = new Map<string, readonly string[]>([
  ["up", added],
  ["ALERTS", ["alertname", "alertstate"]],
  ...Object.entries(exported).map(([name, labels]): [string, string[]] => [name, [...labels, ...added]]),
  ...(registry.getMetricsAsArray() as unknown as Metric[]).flatMap((metric): [string, string[]][] => {
    const labels = [...metric.labelNames, ...added];
    const isHistogram = metric.type === "histogram" || metric.name === "dvt_exit_duration_seconds";
    return isHistogram ? [[`${metric.name}_bucket`, [...labels, "le"]]] : [[metric.name, labels]];
  }),
]);

/** What is wrong with an expression: metrics that nobody serves, labels that they do not have. */
function problemsOf(expr: string): string[] {
  const used = metricsIn(expr);
  const labelsOf = ({name}: {name: string}): readonly string[] => known.get(name) ?? [];
  return [
    ...used.filter(({name}) => !known.has(name)).map(({name}) => `${name} is served by nobody`),
    ...used.flatMap((it) =>
      it.labels.filter((label) => !labelsOf(it).includes(label)).map((label) => `${it.name} has no ${label}`),
    ),
    ...labelsGroupedBy(expr)
      .filter((label) => used.length > 0 && !used.some((it) => labelsOf(it).includes(label)))
      .map((label) => `no metric has ${label}`),
  ];
}

describe("the check of expressions", () => {
  it.each([
    {expr: "dvt_exits_opened > 0", problem: "dvt_exits_opened is served by nobody"},
    {expr: 'sum(dvt_exits_open{cluster="a"})', problem: "dvt_exits_open has no cluster"},
    {expr: "sum by (cluster) (dvt_exits_open)", problem: "no metric has cluster"},
    {expr: "rate(jetstream_stream_messages[5m])", problem: "jetstream_stream_messages is served by nobody"},
  ])("refuses $expr", ({expr, problem}) => {
    expect(problemsOf(expr)).toEqual([problem]);
  });
});

describe("docker/monitoring/prometheus/rules.yml", () => {
  it("asks for metrics and labels that there are", () => {
    expect(alertRules.length).toBeGreaterThan(10);
    for (const {name, expr} of alertRules) expect(problemsOf(expr), name).toEqual([]);
  });

  it("has an alert for each kind of alarm, and a severity, a summary and what to do for each", () => {
    const kinds = new Set(alertRules.flatMap(({kind}) => kind ?? []));
    expect([...kinds].sort()).toEqual([...Alarm.properties.kind.enum].sort());
    for (const {name, severity, summary, description} of alertRules) {
      expect(["critical", "warning"], name).toContain(severity);
      expect([summary, description].filter(Boolean), name).toHaveLength(2);
    }
  });

  it.each([
    {name: "DvtExitsOpenLong", has: `>= ${thresholds.openMs / 1000}`},
    {name: "DvtRoleAway", has: `>= ${thresholds.silentMs / 1000} `},
    {name: "DvtResultsOwed", has: `>= ${thresholds.owedMs / 1000}`},
    {name: "DvtOraclesOld", has: `>= ${thresholds.oraclesMs / 1000}`},
    {name: "DvtKeysLow", has: `< ${thresholds.keysLeft}`},
    {name: "DvtClockOff", has: `>= ${thresholds.clockOffsetMs / 1000}`},
    {name: "DvtLoopSlow", has: `>= ${thresholds.loopDelayMs / 1000}`},
  ])("has the threshold of the alarm: $name", ({name, has}) => {
    const rule = alertRules.find((it) => it.name === name);
    expect(`${rule?.expr} `).toContain(`${has.trimEnd()} `);
  });

  it("has the thresholds of the alarms where they are a time that something lasts", () => {
    const out = /record: dvt:share_index:out\n +expr: \|\n((?: {10}.*\n)+)/.exec(rulesText)?.[1];
    expect(out).toMatch(new RegExp(`< ${thresholds.silentMs / 1000}\\n$`));
    expect(thresholds.waitsMs).toBe(thresholds.silentMs);
    const differ = alertRules.find(({name}) => name === "DvtOraclesDiffer");
    expect(differ?.for).toBe(`${thresholds.oraclesDifferMs / 60_000}m`);
  });

  it("has a test of each alert that it fires, and one that it does not", () => {
    const tests = readText("test/monitoring/rules.test.yml");
    for (const {name} of alertRules) {
      expect(tests, name).toContain(`- alertname: ${name}\n`);
      expect(tests, name).toMatch(new RegExp(`alertname: ${name}, eval_time: \\w+, exp_alerts: \\[\\]`));
    }
  });

  it("is what docs/monitoring.md lists, with the severity of each", () => {
    const rows = rowsOf(readText("docs/monitoring.md")).filter(([name = ""]) => /^Dvt[A-Z]/.test(name));
    expect(rows.map(([name, severity]) => [name, severity])).toEqual(alertRules.map(({name, severity}) => [name, severity]));
  });
});

describe("docker/monitoring/grafana", () => {
  const dashboard = JSON.parse(readText("docker/monitoring/grafana/dashboards/dvt.json")) as {panels: Panel[]};
  const panels = dashboard.panels.filter(({type}) => type !== "row");

  it("asks for metrics and labels that there are", () => {
    for (const {title, targets = []} of panels) {
      expect(targets.length, title).toBeGreaterThan(0);
      for (const {expr} of targets) {
        expect(metricsIn(expr).length, title).toBeGreaterThan(0);
        expect(problemsOf(expr), title).toEqual([]);
      }
    }
  });

  it("asks the data source that is provisioned", () => {
    const uid = /uid: (\S+)/.exec(readText("docker/monitoring/grafana/provisioning/datasources/prometheus.yml"))?.[1];
    expect(new Set(panels.map((it) => it.datasource?.uid))).toEqual(new Set([uid]));
  });

  it("shows every gauge of the whole system", () => {
    const system = new Registry();
    addSystemGauges(system, async () => aStatus());
    const shown = new Set(panels.flatMap(({targets = []}) => targets.flatMap(({expr}) => metricsIn(expr).map(({name}) => name))));
    const names = system.getMetricsAsArray().map(({name}) => name);
    const missing = names.filter((name) => !shown.has(name));
    // These only matter to the alerts.
    const ofAlerts = ["dvt_cluster_validators", "dvt_cluster_threshold", "dvt_share_index_since_timestamp_seconds"];
    expect(missing.sort()).toEqual(
      [...ofAlerts, "dvt_results_oldest_owed_timestamp_seconds", "dvt_role_last_seen_timestamp_seconds"].sort(),
    );
  });
});
