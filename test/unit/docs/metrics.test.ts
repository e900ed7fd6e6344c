import {expect, it} from "vitest";
import {createGatewayMetrics} from "../../../src/metrics/gatewayMetrics.js";
import {readText, rowsOf} from "./document.js";

it("docs/configuration.md has a row for each metric of ours, and for none that does not exist", async () => {
  const rows = rowsOf(readText("docs/configuration.md")).flatMap(([name = ""]) => (name.startsWith("dvt_") ? [name] : []));
  const metrics = await createGatewayMetrics().registry.getMetricsAsJSON();
  expect(rows.sort()).toEqual(
    metrics
      .map(({name}) => name)
      .filter((name) => name.startsWith("dvt_"))
      .sort(),
  );
});
