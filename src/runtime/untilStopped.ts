/** Resolves like the work, or with undefined as soon as the signal is aborted, however the work then ends. */
export function untilStopped<T>(signal: AbortSignal, work: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const stop = (): void => resolve(undefined);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, {once: true});
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
