/**
 * Aborts with this signal, or after so long with a TimeoutError. AbortSignal.any keeps its sources weakly, so an AbortSignal.timeout that
 * nobody else holds may be collected, and then never aborts: seen with Node.js 20.20.
 */
export function abortsWithin(signal: AbortSignal, ms: number): AbortSignal {
  const timer = new AbortController();
  setTimeout(() => timer.abort(new DOMException("it took too long", "TimeoutError")), ms).unref();
  return AbortSignal.any([signal, timer.signal]);
}
