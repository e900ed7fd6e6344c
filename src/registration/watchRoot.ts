import {setTimeout as delay} from "node:timers/promises";
import type {VaultChain} from "../execution/vaultChain.js";

/** Watches whether the deposit contract's root is still this one: `moved` is aborted when it is not. Failed reads say nothing. */
export function watchRoot(
  {readDepositRoot}: Pick<VaultChain, "readDepositRoot">,
  {depositRoot, lookMs}: {readonly depositRoot: string; readonly lookMs: number},
) {
  const moved = new AbortController();
  const stopped = new AbortController();
  const watch = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      await delay(lookMs, undefined, {signal: stopped.signal}).catch(() => {});
      if (stopped.signal.aborted) return;
      const now = await readDepositRoot().catch(() => depositRoot);
      if (now !== depositRoot) return moved.abort();
    }
  };
  const watching = watch();
  return {
    moved: moved.signal,
    stop(): Promise<void> {
      stopped.abort();
      return watching;
    },
  };
}
