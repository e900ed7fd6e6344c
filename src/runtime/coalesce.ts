/** Runs `work` once for all who ask for the same key while it runs. Saves work only: nobody may rest on it being run once. */
export function createCoalesce<T>(): (key: string, work: () => Promise<T>) => Promise<T> {
  const running = new Map<string, Promise<T>>();
  return (key, work) => {
    const known = running.get(key);
    if (known) return known;
    const started = work().finally(() => running.delete(key));
    running.set(key, started);
    return started;
  };
}
