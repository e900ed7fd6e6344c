import {addMessageCounts} from "../../src/metrics/addMessageCounts.js";
import {aRegistry} from "./aRegistry.js";

type Counted = {readonly labels: Readonly<Record<string, string>>; readonly value: number};

/** A registry as a role has it, and what its counters of messages hold by now. */
export function aMessageCount() {
  const {registry} = aRegistry();
  const counts = addMessageCounts(registry);
  const read = async (name: "handled" | "refused" | "retried"): Promise<readonly Counted[]> => {
    const all = await registry.getMetricsAsJSON();
    const {values = []} = all.find((metric) => metric.name === `dvt_messages_${name}_total`) as {values?: readonly Counted[]};
    return values.map(({labels, value}) => ({labels, value}));
  };
  return {counts, read};
}
