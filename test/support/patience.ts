/** How long tests wait, all of them: for what comes at once on a quiet machine, and late on a busy one. A test never waits this long for a pass. */
export const patience = {
  /** For what is polled for. */
  pollMs: 30_000,
  testMs: 150_000,
  hookMs: 60_000,
  /** `dvt operator request --timeout`, within a test. */
  requestSeconds: 100,
} as const;
