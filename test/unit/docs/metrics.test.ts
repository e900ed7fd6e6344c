import type {Registry} from "prom-client";
import {expect, it} from "vitest";
import {createReadiness} from "../../../src/health/readiness.js";
import {addExitDuration} from "../../../src/metrics/addExitDuration.js";
import {addGatewayMetrics} from "../../../src/metrics/addGatewayMetrics.js";
import {addMessageCounts} from "../../../src/metrics/addMessageCounts.js";
import {addReadiness} from "../../../src/metrics/addReadiness.js";
import {addSystemGauges} from "../../../src/metrics/addSystemGauges.js";
import {createMetrics} from "../../../src/metrics/createMetrics.js";
import {aStatus} from "../../support/examples/status.js";
import {metricRows} from "./metricRows.js";

/** What each role adds to its registry; test/integration/cli/statusPort.test.ts asks the roles themselves. */
const roles: Readonly<Record<string, readonly ((registry: Registry) => unknown)[]>> = {
  relayer: [addMessageCounts, (registry) => addSystemGauges(registry, async () => aStatus())],
  sidecar: [addMessageCounts],
  aggregator: [addMessageCounts, addExitDuration],
  gateway: [addGatewayMetrics],
};

it.each(Object.entries(roles))(
  "docs/configuration.md has a row for each metric of the %s, and for no other",
  async (role, add) => {
    const {registry} = createMetrics({role, version: "0.1.0", commit: undefined});
    addReadiness(registry, createReadiness({signal: new AbortController().signal}));
    for (const one of add) one(registry);
    const names = (await registry.getMetricsAsJSON()).map(({name}) => name).filter((name) => name.startsWith("dvt_"));
    // A sidecar has no store; the gauge has no value there.
    const served = role === "sidecar" ? names.filter((name) => name !== "dvt_store_connected") : names;
    expect(metricRows(role)).toEqual(served.sort());
  },
);
