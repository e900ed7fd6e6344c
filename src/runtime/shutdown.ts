/** Ends a process in order: releases what was started last first, once, within a grace period. */
export type Shutdown = {
  /** Aborted as soon as the stop begins. */
  readonly signal: AbortSignal;
  /** Registers a release; once the stop has begun, it runs at once. */
  onStop(release: Release): void;
  /** Stops, once, and resolves when everything is released; a failing release does not prevent the others. */
  stop(): Promise<void>;
  /** Stops because of an error: the first such error decides how the process ends. */
  fail(error: Error): void;
  /** The first error, if any. */
  readonly failure: Error | undefined;
};

type Release = () => Promise<unknown> | unknown;

/** Creates the shutdown of a process. */
export function createShutdown({graceMs = 10_000, onError}: {graceMs?: number; onError: (error: unknown) => void}): Shutdown {
  const controller = new AbortController();
  const releases: Release[] = [];
  let stopped: Promise<void> | undefined;
  let failure: Error | undefined;

  const tryTo = async (release: Release): Promise<void> => {
    try {
      await release();
    } catch (error) {
      onError(error);
    }
  };
  const releaseAll = async (): Promise<void> => {
    for (let release = releases.pop(); release; release = releases.pop()) await tryTo(release);
  };
  const within = async (work: Promise<void>): Promise<void> => {
    const grace = new Promise<void>((resolve) => setTimeout(resolve, graceMs).unref());
    await Promise.race([work, grace]);
  };

  const shutdown: Shutdown = {
    signal: controller.signal,
    get failure() {
      return failure;
    },
    fail(error) {
      failure ??= error;
      void shutdown.stop();
    },
    onStop(release) {
      if (stopped === undefined) releases.push(release);
      else stopped = Promise.all([stopped, within(tryTo(release))]).then(() => {});
    },
    async stop() {
      if (stopped === undefined) {
        // One step later, so that the first release sees the signal aborted.
        stopped = within(Promise.resolve().then(releaseAll));
        controller.abort();
      }
      // A release that was registered meanwhile has replaced the promise.
      for (let awaited: Promise<void> | undefined; awaited !== stopped; ) {
        awaited = stopped;
        await awaited;
      }
    },
  };
  return shutdown;
}
