import {type DepositId, depositKeyOf} from "../exits/depositId.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import type {CompletedExit, ExitsOutcome, OnProgress, RejectedExit, WantedExit} from "./outcome.js";

export type AwaitedExits = ReturnType<typeof createAwaitedExits>;

/** `untilMs` as performance.now() counts: whoever sets the clock neither ends the wait nor prolongs it. */
type Wait = {quietMs: number; untilMs: number; signal: AbortSignal};

/** What has come of an exit that is not wholly answered: its deposit's signature, or all but that. */
type Open = {exit: WantedExit; answer?: CompletedExit | undefined; signature?: string | undefined};

/** Which of the exits that were asked for have been answered: each with its deposit, where one was asked for. */
export function createAwaitedExits(exits: readonly WantedExit[], onProgress?: OnProgress) {
  const wanted = new Map(exits.map((exit) => [exitKeyOf(exit), exit]));
  const open = new Map([...wanted].map(([key, exit]): [string, Open] => [key, {exit}]));
  const exitKeys = new Map(
    exits.flatMap((exit) => (exit.deposit ? [[depositKeyOf({...exit, deposit: exit.deposit}), exitKeyOf(exit)]] : [])),
  );
  const completed = new Map<string, CompletedExit>();
  const rejected = new Map<string, RejectedExit>();
  let wake = (): void => {};

  const progress = () => ({answered: exits.length - open.size, rejected: rejected.size, total: exits.length});
  const settle = (exit: ExitId, {completed}: {completed: boolean}): void => {
    open.delete(exitKeyOf(exit));
    onProgress?.({...progress(), exit, completed});
    wake();
  };
  onProgress?.(progress());

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

  const completeIfWhole = ({exit, answer, signature}: Open): void => {
    if (!answer || (exit.deposit && signature === undefined)) return;
    const deposit = exit.deposit && signature !== undefined ? {deposit: {...exit.deposit, signature}} : {};
    completed.set(exitKeyOf(exit), {...answer, ...deposit});
    settle(exit, {completed: true});
  };

  return {
    /** Itself, or its deposit, is not answered. */
    isOpen: (exit: ExitId): boolean => open.has(exitKeyOf(exit)),
    /** Itself is not, whatever its deposit. */
    isExitOpen(exit: ExitId): boolean {
      const waiting = open.get(exitKeyOf(exit));
      return waiting !== undefined && waiting.answer === undefined;
    },
    /** The exit that is not wholly answered for want of this deposit. */
    findByDeposit(id: DepositId): ExitId | undefined {
      const waiting = open.get(exitKeys.get(depositKeyOf(id)) ?? "");
      return waiting?.signature === undefined ? waiting?.exit : undefined;
    },
    unanswered: (): WantedExit[] => [...open.values()].map(({exit}) => exit),
    complete(answer: CompletedExit): void {
      const waiting = open.get(exitKeyOf(answer.exit));
      if (waiting) completeIfWhole(Object.assign(waiting, {answer}));
    },
    /** Its deposit is signed. */
    completeDeposit(exit: ExitId, signature: string): void {
      const waiting = open.get(exitKeyOf(exit));
      if (waiting) completeIfWhole(Object.assign(waiting, {signature}));
    },
    /** The exit or its deposit: one is of no use without the other to whoever asked for both. */
    reject(answer: RejectedExit): void {
      rejected.set(exitKeyOf(answer.exit), answer);
      settle(answer.exit, {completed: false});
    },
    /** What was answered for another oracle set is to be answered again. How many those are. */
    reopenOthers(oraclesConfigHash: string): number {
      const others = [...completed].filter(([, answer]) => answer.oraclesConfigHash !== oraclesConfigHash);
      for (const [key, answer] of others) {
        completed.delete(key);
        open.set(key, {exit: wanted.get(key) as WantedExit, signature: answer.deposit?.signature});
      }
      const waiting = [...open.values()].filter(({answer}) => answer && answer.oraclesConfigHash !== oraclesConfigHash);
      for (const it of waiting) it.answer = undefined;
      return others.length + waiting.length;
    },
    /** "all" are answered, the time is "over" (or somebody aborted), or nothing came for a while: "quiet". */
    async allAnswered({quietMs, untilMs, signal}: Wait): Promise<"all" | "over" | "quiet"> {
      for (;;) {
        if (open.size === 0) return "all";
        const restMs = untilMs - performance.now();
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
