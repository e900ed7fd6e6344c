import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import type {ExitsOutcome, RejectedExit} from "./requestExits.js";
import type {CompletedExit} from "./results.js";

export type Awaited = ReturnType<typeof createAwaited>;

/** Which of the exits that were asked for have been answered. */
export function createAwaited(
  exits: readonly ExitId[],
  onProgress?: (progress: {answered: number; total: number; exit?: ExitId}) => void,
) {
  const open = new Map(exits.map((exit) => [exitKeyOf(exit), exit]));
  const completed = new Map<string, CompletedExit>();
  const rejected = new Map<string, RejectedExit>();
  let wake: (() => void) | undefined;

  const settle = (exit: ExitId): void => {
    open.delete(exitKeyOf(exit));
    onProgress?.({answered: exits.length - open.size, total: exits.length, exit});
    wake?.();
  };
  onProgress?.({answered: 0, total: exits.length});

  return {
    isOpen: (exit: ExitId): boolean => open.has(exitKeyOf(exit)),
    unanswered: (): ExitId[] => [...open.values()],
    complete(answer: CompletedExit): void {
      completed.set(exitKeyOf(answer.exit), answer);
      settle(answer.exit);
    },
    reject(answer: RejectedExit): void {
      rejected.set(exitKeyOf(answer.exit), answer);
      settle(answer.exit);
    },
    /** "all" are answered, the time is "over" (or somebody aborted), or nothing came for a while: "quiet". */
    async allAnswered({
      quietMs,
      untilMs,
      signal,
    }: {
      quietMs: number;
      untilMs: number;
      signal: AbortSignal;
    }): Promise<"all" | "over" | "quiet"> {
      for (;;) {
        if (open.size === 0) return "all";
        const restMs = untilMs - Date.now();
        if (restMs <= 0 || signal.aborted) return "over";
        const came = await new Promise<boolean>((resolve) => {
          const timer = setTimeout(() => resolve(false), Math.min(quietMs, restMs));
          wake = () => {
            clearTimeout(timer);
            resolve(true);
          };
          signal.addEventListener("abort", wake, {once: true});
        });
        if (wake) signal.removeEventListener("abort", wake);
        wake = undefined;
        if (!came && Date.now() < untilMs) return "quiet";
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
