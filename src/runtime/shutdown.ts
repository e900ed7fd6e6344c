/** Ends a process in order: what was started last is released first, once, within a grace. */
export type Shutdown = {
  /** Aborted as soon as somebody asks to stop. */
  readonly signal: AbortSignal;
  /** Once the stop has begun, what is registered is released at once. */
  onStop(release: Release): void;
  /** Asks to stop, once; resolves when everything is released. A release that fails does not keep the others from running. */
  stop(): Promise<void>;
  /** Asks to stop because of this: the process ends as the first such error says. */
  fail(error: Error): void;
  /** What failed first, if anything did. */
  readonly failure: Error | undefined;
};

type Release = () => Promise<unknown> | unknown;

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
        // A step later, so that the first release finds the signal aborted.
        stopped = within(Promise.resolve().then(releaseAll));
        controller.abort();
      }
      // What was registered meanwhile has replaced the promise.
      for (let awaited: Promise<void> | undefined; awaited !== stopped; ) {
        awaited = stopped;
        await awaited;
      }
    },
  };
  return shutdown;
}
