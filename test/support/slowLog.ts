import type {ExitLog} from "../../src/policy/exitLog.js";

/** A sidecar's state on a disk that takes its time: what is appended is stored when the test says so. */
export function aSlowLog(): {log: ExitLog; appended(): number; store(): void} {
  let store = (): void => {};
  let appended = 0;
  const append = (): Promise<void> =>
    new Promise((resolve) => {
      appended++;
      store = resolve;
    });
  const log = {entries: [], credentials: new Map(), hasSigned: () => false, append, close: async () => {}};
  return {log, appended: () => appended, store: () => store()};
}
