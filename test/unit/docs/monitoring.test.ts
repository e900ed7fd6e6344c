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
import {alarmsOf} from "../../../src/status/alarms.js";
import {thresholds} from "../../../src/status/thresholds.js";
import {aClusterStatus, aShareIndex, aStatus, at} from "../../support/examples/status.js";
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

  it("says what to do in the words of the alarm, if these do not depend on what is missing", () => {
    const long = at - 24 * 3_600_000;
    const away = {role: "aggregator", participant: "aggregator", instance: "01234567", state: "away", version: "0.1.0"} as const;
    const aRole = {...away, started_at: long, waits: []};
    const [hash, other] = ["1", "2"].map((digit) => `0x${digit.repeat(64)}`) as [string, string];
    const relayer = {...aRole, role: "relayer", participant: "relayer", state: "here", last_seen: at} as const;
    const alarms = alarmsOf(
      aStatus({
        clusters: [aClusterStatus({share_indexes: [aShareIndex(1, {state: "away", since: long})]})],
        roles: [
          {...aRole, last_seen: long},
          {...relayer, clock_offset_ms: 60_000, loop_delay_ms: 9000, oracles_config_hash: other},
        ],
        dead_letters: {total: 3, last_hour: 1},
        results_owed: {results: 1, oldest_since: long},
        oracles: {config_hash: hash, oracles: 11, threshold: 6, source: "chain", since: long, checked_at: long},
        keys_left: [{vault: `0x${"a".repeat(40)}`, keys: 1}],
      }),
    );
    const dependent = ["exits_open_long", "below_threshold", "share_index_waits"];
    const fixed = alarms.filter(({kind}) => !dependent.includes(kind));
    const kinds = Alarm.properties.kind.enum.filter((kind) => !dependent.includes(kind));
    expect([...new Set(fixed.map(({kind}) => kind))].sort()).toEqual([...kinds].sort());
    for (const {kind, todo} of fixed) {
      const described = alertRules.filter((it) => it.kind === kind).map(({description}) => description);
      expect(described.map((it) => it.replace("{{ $labels.role }}", "aggregator"))).toContain(todo);
    }
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
