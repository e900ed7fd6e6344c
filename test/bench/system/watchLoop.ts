import {writeFileSync} from "node:fs";
import {monitorEventLoopDelay} from "node:perf_hooks";
import {isMainThread} from "node:worker_threads";

/** Often enough to see what a percentile is, seldom enough to cost nothing. */
const resolutionMs = 10;

/** Imported into a process before its own code: writes how late its event loop was since the last SIGUSR2, when it ends. */
if (isMainThread) {
  const delays = monitorEventLoopDelay({resolution: resolutionMs});
  delays.enable();
  process.on("SIGUSR2", () => delays.reset());
  process.on("exit", () => {
    const lateMs = (percentile: number): number => Math.max(0, delays.percentile(percentile) / 1e6 - resolutionMs);
    writeFileSync(process.env["BENCH_LOOP"] ?? "", JSON.stringify({p50: lateMs(50), p99: lateMs(99)}));
  });
}
