import {Histogram, type Registry} from "prom-client";

/** 10 ms to a day: an exit whose sidecars are all there takes a fraction of a second, one that waits for a node takes hours. */
const buckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 4 * 3600, 86_400];

/** Adds how long exits took. The result takes an exit's time in milliseconds. */
export function addExitDuration(registry: Registry): (ms: number) => void {
  const durations = new Histogram({
    name: "dvt_exit_duration_seconds",
    help: "How long exits took from when they were opened to their stored result",
    buckets,
    registers: [registry],
  });
  return (ms) => durations.observe(Math.max(0, ms) / 1000);
}
