/** Ends a process in order: what was started last is released first, once, within a grace. */
export type Shutdown = {
  /** Aborted as soon as somebody asks to stop. */
  readonly signal: AbortSignal;
  onStop(release: () => Promise<unknown> | unknown): void;
  /** Asks to stop. Every call returns the same promise; a release that fails does not keep the others from running. */
  stop(): Promise<void>;
};

export function createShutdown({graceMs = 10_000, onError}: {graceMs?: number; onError: (error: unknown) => void}): Shutdown {
  const controller = new AbortController();
  const releases: (() => Promise<unknown> | unknown)[] = [];
  let stopped: Promise<void> | undefined;

  const run = async (): Promise<void> => {
    controller.abort();
    const grace = new Promise<void>((resolve) => setTimeout(resolve, graceMs).unref());
    const releaseAll = async (): Promise<void> => {
      for (const release of releases.reverse()) {
        try {
          await release();
        } catch (error) {
          onError(error);
        }
      }
    };
    await Promise.race([releaseAll(), grace]);
  };

  return {
    signal: controller.signal,
    onStop: (release) => void releases.push(release),
    stop: () => (stopped ??= run()),
  };
}
