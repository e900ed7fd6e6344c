import {monitorEventLoopDelay} from "node:perf_hooks";

const resolutionMs = 20;
const periodMs = 30_000;

/** Watches the event loop. The function returns its longest delay of the last 30 to 60 s, in whole milliseconds. */
export function watchLoopDelay(): () => number {
  const histogram = monitorEventLoopDelay({resolution: resolutionMs});
  histogram.enable();
  let before = 0;
  let resetAt = performance.now();
  return () => {
    const longest = histogram.max / 1e6 - resolutionMs;
    const isOver = performance.now() - resetAt >= periodMs;
    const delay = Math.max(before, longest, 0);
    if (isOver) {
      before = longest;
      resetAt = performance.now();
      histogram.reset();
    }
    return Math.round(delay);
  };
}
