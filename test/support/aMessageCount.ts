import {createMetrics, type Metrics} from "../../src/metrics/createMetrics.js";

type Counted = {readonly labels: Readonly<Record<string, string>>; readonly value: number};

/** A registry as a role has it, and what its counters of messages hold by now. */
export function aMessageCount() {
  const metrics: Metrics = createMetrics();
  const read = async (name: "handled" | "refused" | "retried"): Promise<readonly Counted[]> => {
    const all = await metrics.registry.getMetricsAsJSON();
    const {values = []} = all.find((metric) => metric.name === `dvt_messages_${name}_total`) as {values?: readonly Counted[]};
    return values.map(({labels, value}) => ({labels, value}));
  };
  return {counts: metrics.messages, read};
}
