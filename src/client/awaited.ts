import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import type {CompletedExit, ExitsOutcome, OnProgress, RejectedExit} from "./outcome.js";

export type Awaited = ReturnType<typeof createAwaited>;

type Wait = {quietMs: number; untilMs: number; signal: AbortSignal};

/** Which of the exits that were asked for have been answered. */
export function createAwaited(exits: readonly ExitId[], onProgress?: OnProgress) {
  const open = new Map(exits.map((exit) => [exitKeyOf(exit), exit]));
  const completed = new Map<string, CompletedExit>();
  const rejected = new Map<string, RejectedExit>();
  let wake = (): void => {};

  const settle = (exit: ExitId, {completed}: {completed: boolean}): void => {
    open.delete(exitKeyOf(exit));
    onProgress?.({answered: exits.length - open.size, total: exits.length, exit, completed});
    wake();
  };
  onProgress?.({answered: 0, total: exits.length});

  /** Whether an answer came before the time was over or the signal aborted. */
  const nextAnswer = (ms: number, signal: AbortSignal): Promise<boolean> =>
    new Promise((resolve) => {
      const end = (came: boolean) => (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", aborted);
        resolve(came);
      };
      const aborted = end(false);
      const timer = setTimeout(end(false), ms);
      signal.addEventListener("abort", aborted, {once: true});
      wake = end(true);
    });

  return {
    isOpen: (exit: ExitId): boolean => open.has(exitKeyOf(exit)),
    unanswered: (): ExitId[] => [...open.values()],
    complete(answer: CompletedExit): void {
      completed.set(exitKeyOf(answer.exit), answer);
      settle(answer.exit, {completed: true});
    },
    reject(answer: RejectedExit): void {
      rejected.set(exitKeyOf(answer.exit), answer);
      settle(answer.exit, {completed: false});
    },
    /** "all" are answered, the time is "over" (or somebody aborted), or nothing came for a while: "quiet". */
    async allAnswered({quietMs, untilMs, signal}: Wait): Promise<"all" | "over" | "quiet"> {
      for (;;) {
        if (open.size === 0) return "all";
        const restMs = untilMs - Date.now();
        if (restMs <= 0 || signal.aborted) return "over";
        const came = await nextAnswer(Math.min(quietMs, restMs), signal);
        if (!came && !signal.aborted && quietMs < restMs) return "quiet";
      }
    },
    outcome(): ExitsOutcome {
      const inOrder = <T>(answers: Map<string, T>): T[] => exits.flatMap((exit) => answers.get(exitKeyOf(exit)) ?? []);
      return {
        completed: inOrder(completed),
        rejected: inOrder(rejected),
        missing: exits.filter((exit) => open.has(exitKeyOf(exit))),
      };
    },
  };
}
